import { describe, expect, it } from '@jest/globals';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../../config/settings.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';

const reply = { header: () => reply } as unknown as FastifyReply;

function read(settings: Partial<Settings>, headers: Record<string, string>, remoteAddress = '127.0.0.1'): Promise<string> {
  const request = { headers, socket: { remoteAddress } } as unknown as FastifyRequest;
  return new MetricsController(settings as Settings, new Metrics()).read(request, reply);
}

describe('metrics', () => {
  it('counts requests by method, route and status, and times them', async () => {
    const metrics = new Metrics();
    metrics.request({ method: 'GET', route: '/api/v1/rooms/:room', status: 200, seconds: 0.003 });
    metrics.gauge('parley_open_sockets', 'Sockets open now', () => 7);
    metrics.counter('parley_messages_total', 'Messages stored', ['transport'] as const).inc({ transport: 'rest' });
    const text = await metrics.text();
    expect(text).toContain('parley_http_requests_total{method="GET",route="/api/v1/rooms/:room",status="200"} 1');
    expect(text).toContain('parley_http_request_duration_seconds_bucket');
    expect(text).toContain('parley_open_sockets 7');
    expect(text).toContain('parley_messages_total{transport="rest"} 1');
    expect(text).toContain('process_resident_memory_bytes');
  });

  it('is for this machine alone while there is no token', async () => {
    await expect(read({}, {})).resolves.toContain('process_');
    await expect(read({}, {}, '::ffff:127.0.0.1')).resolves.toContain('process_');
    await expect(read({}, {}, '192.0.2.1')).rejects.toMatchObject({ code: 'route.not-found' });
    await expect(read({}, { 'x-forwarded-for': '127.0.0.1' })).rejects.toMatchObject({ code: 'route.not-found' });
    await expect(read({}, { forwarded: 'for=127.0.0.1' })).rejects.toMatchObject({ code: 'route.not-found' });
  });

  it('wants the token from everybody once there is one', async () => {
    const settings = { metricsToken: 'a-token-of-sixteen' };
    await expect(read(settings, {})).rejects.toMatchObject({ code: 'auth.required' });
    await expect(read(settings, { authorization: 'Bearer a-token-of-sixteeN' })).rejects.toMatchObject({ code: 'auth.token-invalid' });
    await expect(read(settings, { authorization: 'Bearer a-token-of-sixteen' }, '192.0.2.1')).resolves.toContain('process_');
  });
});
