/** Where an S3 store is, as STORAGE_URL says it. */
export interface S3Address {
  /** `https://host:port`, or `http://…` with `tls=off`. */
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/**
 * Reads `s3://KEY:SECRET@host:port/bucket?region=eu-central-1&tls=off`. Key and secret are percent-encoded where they must be; the region is
 * `us-east-1` unless given, which stores that know no regions accept.
 * @returns what is wrong in words that repeat no secret, for anything else
 */
export function readStorageAddress(value: string): S3Address | { fault: string } {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.protocol !== 's3:' || url.hostname === '') return { fault: 'must be an address such as s3://KEY:SECRET@host/bucket' };
  const accessKeyId = decoded(url.username);
  const secretAccessKey = decoded(url.password);
  if (!accessKeyId || !secretAccessKey) return { fault: 'must carry the access key and its secret, as in s3://KEY:SECRET@host/bucket' };
  const bucket = url.pathname.replace(/^\/|\/$/g, '');
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    return { fault: 'must name the bucket after the host, as in s3://KEY:SECRET@host/bucket' };
  for (const name of url.searchParams.keys()) {
    if (name !== 'region' && name !== 'tls') return { fault: 'may have the parameters "region" and "tls" alone' };
  }
  const tls = url.searchParams.get('tls') ?? 'on';
  if (tls !== 'on' && tls !== 'off') return { fault: 'must have tls=on or tls=off' };
  const region = url.searchParams.get('region') ?? 'us-east-1';
  if (!/^[a-z0-9-]{1,64}$/.test(region)) return { fault: 'has a region that is none' };
  return { endpoint: `${tls === 'off' ? 'http' : 'https'}://${url.host}`, region, bucket, accessKeyId, secretAccessKey };
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
