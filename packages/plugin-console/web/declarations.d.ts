// The light build of hls.js ships no types of its own; it is a subset of the full one.
declare module 'hls.js/light' {
  export { default, ErrorDetails, ErrorTypes, Events } from 'hls.js';
}
