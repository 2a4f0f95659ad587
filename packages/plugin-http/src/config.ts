// Configuration of plugin-http.
import { z } from 'zod';

export const httpConfig = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on. Behind a reverse proxy with TLS, keep the loopback address'),
  port: z.int().min(0).max(65_535).default(8080).describe('0 takes a free port'),
  publicOrigin: z.url({ protocol: /^https?$/ }).optional().describe('How browsers reach the campus when a proxy stands before it, such as https://campus.example; https makes the cookie secure'),
  clientCertificateHeader: z.string().regex(/^[a-z0-9-]+$/).optional().describe('Header in which a trusted proxy passes on the TLS client certificate, such as client-cert (RFC 9440); believed from trustedProxies alone. Article 9(4)'),
  trustedProxies: z.array(z.string()).default([]).describe('Addresses of proxies whose X-Forwarded-For is believed'),
});

/** The configuration, with defaults filled in. */
export type HttpConfig = z.output<typeof httpConfig>;
