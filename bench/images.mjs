import sharp from 'sharp';

/** A photo of twelve megapixels, as a telephone takes it. */
const size = { width: 4_000, height: 3_000 };
const uploads = 10;
const together = 4;

/** A picture of that size of soft noise, so that it has the bytes of a photo; as PNG softer, because it may have ten megabytes at most. */
async function photo(format) {
  const noise = await sharp({ create: { ...size, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 40 } } })
    .blur(format === 'png' ? 12 : 1.2)
    .png({ compressionLevel: 1 })
    .toBuffer();
  return sharp(noise)
    [format](format === 'png' ? {} : { quality: 85 })
    .toBuffer();
}

/** Uploads a picture and takes it away again. @returns seconds */
async function upload(call, bytes, format) {
  const form = new FormData();
  form.set('file', new Blob([bytes], { type: `image/${format}` }), `photo.${format}`);
  const began = performance.now();
  const { id, width } = await call('/files', { method: 'POST', body: form });
  const seconds = (performance.now() - began) / 1_000;
  if (!(width > 0)) throw new Error('The server did not know the picture for one.');
  await call(`/files/${id}`, { method: 'DELETE' });
  return seconds;
}

/**
 * What a picture of twelve megapixels costs, one after the other and several at once.
 * @param call `caller` of somebody
 * @returns per format: its bytes, seconds, CPU seconds of the server and memory in kB (before, and at its highest)
 */
export async function runImages({ server, call }) {
  const rows = [];
  for (const format of ['jpeg', 'png', 'webp']) {
    const bytes = await photo(format);
    for (const parallel of [1, together]) {
      await upload(call, bytes, format);
      const before = await server.resident();
      server.forgetPeak();
      const cpu = server.cpu();
      const seconds = [];
      for (let done = 0; done < uploads; done += parallel)
        seconds.push(...(await Promise.all(Array.from({ length: parallel }, () => upload(call, bytes, format)))));
      seconds.sort((a, b) => a - b);
      rows.push({
        format,
        parallel,
        bytes: bytes.length,
        median: seconds[seconds.length >> 1],
        cpu: (server.cpu() - cpu) / seconds.length,
        before,
        peak: server.peak(),
      });
    }
  }
  return rows;
}
