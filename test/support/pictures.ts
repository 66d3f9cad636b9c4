import sharp from 'sharp';

/** A picture with some detail in it, encoded as it would come from outside. */
export async function picture(
  format: 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' = 'jpeg',
  { width = 1200, height = 900 }: { width?: number; height?: number } = {},
): Promise<Buffer> {
  return sharp({
    create: { width, height, channels: 3, background: '#336699', noise: { type: 'gaussian', mean: 128, sigma: 30 } },
    limitInputPixels: false,
  })
    .toFormat(format)
    .toBuffer();
}

/** A form with one file, and other fields. */
export function form(name: string, bytes: Uint8Array, fileName = 'picture.jpg', fields: Record<string, string> = {}, type = ''): FormData {
  const data = new FormData();
  for (const [field, value] of Object.entries(fields)) data.append(field, value);
  data.append(name, new Blob([bytes], { type }), fileName);
  return data;
}
