// The nine camera points of the example. The simulator puts its devices on consecutive ports.

const points = [
  { id: 'east-gate', name: { zh: '东门', en: 'East Gate' }, place: 'gate' },
  { id: 'west-gate', name: { zh: '西门', en: 'West Gate' }, place: 'gate' },
  { id: 'library', name: { zh: '图书馆', en: 'Library' }, place: 'library' },
  { id: 'dormitory-entrance', name: { zh: '学生宿舍入口', en: 'Dormitory Entrance' }, place: 'dormitory-entrance' },
  { id: 'fire-control-room', name: { zh: '消防控制室', en: 'Fire Control Room' }, place: 'fire-control-room' },
  { id: 'canteen', name: { zh: '食堂', en: 'Canteen' }, place: 'canteen' },
  { id: 'teaching-building', name: { zh: '教学楼', en: 'Teaching Building' }, place: 'teaching-building' },
  { id: 'stadium', name: { zh: '体育场', en: 'Stadium' }, place: 'stadium' },
  { id: 'car-park', name: { zh: '停车场', en: 'Car Park' }, place: 'car-park' },
];

/** The cameras, with the first device's port. */
export function cameras(firstPort: number) {
  return points.map((point, index) => ({
    ...point,
    address: `http://127.0.0.1:${firstPort + index}/onvif/device_service`,
    username: 'admin',
    password: process.env['CAMERA_PASSWORD'] ?? 'wanglou-sim',
  }));
}
