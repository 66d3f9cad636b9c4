import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const accessKey = 'PARLEYTESTKEY';
const secretKey = 'a/secret+key=of 40 characters, with marks';
const region = 'eu-test-1';

/**
 * A store that speaks as much of S3 as is needed, over real HTTP: objects of one bucket, addressed by path. It takes nothing on trust: a request
 * whose signature (AWS Signature Version 4) or whose hash of the body is not right is refused, as the real one refuses it.
 */
export class S3Store {
  readonly bucket = 'parley-files';
  readonly objects = new Map<string, Buffer>();
  /** `METHOD key` of every accepted request. */
  readonly requests: string[] = [];
  /** Answers every request with 503 while it is set. */
  down = false;

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  static async start(): Promise<S3Store> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new S3Store(server);
  }

  /** As STORAGE_URL. */
  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `s3://${accessKey}:${encodeURIComponent(secretKey)}@127.0.0.1:${port}/${this.bucket}?region=${region}&tls=off`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Two keys in a page, so that whoever lists must ask again. */
  private listing(after: string | null): string {
    const keys = [...this.objects.keys()].sort();
    const rest = keys.filter((key) => after === null || key > after);
    const page = rest.slice(0, 2);
    const more = rest.length > page.length ? `<NextContinuationToken>${page.at(-1)!}</NextContinuationToken>` : '';
    const contents = page.map((key) => `<Contents><Key>${key}</Key><Size>${this.objects.get(key)!.length}</Size></Contents>`).join('');
    return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><IsTruncated>${more !== ''}</IsTruncated>${contents}${more}</ListBucketResult>`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (this.down) return refuse(response, 503, 'SlowDown');
    const fault = faultOf(request, body);
    if (fault) return refuse(response, 403, fault);
    const url = new URL(request.url!, 'http://store');
    const prefix = `/${this.bucket}/`;
    if (!url.pathname.startsWith(prefix)) return refuse(response, 404, 'NoSuchBucket');
    if (request.method === 'GET' && url.searchParams.get('list-type') === '2') {
      response.writeHead(200, { 'content-type': 'application/xml' }).end(this.listing(url.searchParams.get('continuation-token')));
      return;
    }
    const key = decodeURIComponent(url.pathname.slice(prefix.length));
    this.requests.push(`${request.method} ${key}`);
    switch (request.method) {
      case 'PUT':
        this.objects.set(key, body);
        response.writeHead(200, { etag: `"${createHash('md5').update(body).digest('hex')}"` }).end();
        return;
      case 'GET': {
        const object = this.objects.get(key);
        if (!object) return refuse(response, 404, 'NoSuchKey');
        response.writeHead(200, { 'content-length': object.length, 'content-type': 'application/octet-stream' }).end(object);
        return;
      }
      case 'DELETE':
        this.objects.delete(key);
        response.writeHead(204).end();
        return;
      default:
        refuse(response, 405, 'MethodNotAllowed');
    }
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>no</Message><RequestId>1</RequestId></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml' }).end(body);
}

/** What is wrong with the signature of a request; null: nothing. */
function faultOf(request: IncomingMessage, body: Buffer): string | null {
  const parts = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
    request.headers.authorization ?? '',
  );
  if (!parts) return 'AccessDenied';
  const [, credential, signedHeaders, signature] = parts as unknown as [string, string, string, string];
  const [key, date, scopeRegion, service, end] = credential.split('/');
  if (key !== accessKey) return 'InvalidAccessKeyId';
  if (scopeRegion !== region || service !== 's3' || end !== 'aws4_request') return 'AuthorizationHeaderMalformed';
  const bodyHash = sha256(body);
  if (request.headers['x-amz-content-sha256'] !== bodyHash) return 'XAmzContentSHA256Mismatch';
  const url = new URL(request.url!, 'http://store');
  const query = [...url.searchParams].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  const headers = signedHeaders.split(';').map((name) => `${name}:${String(request.headers[name]).trim().replace(/ +/g, ' ')}\n`);
  const canonical = [request.method, url.pathname, query.join('&'), headers.join(''), signedHeaders, bodyHash].join('\n');
  const scope = `${date}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(Buffer.from(canonical))].join('\n');
  const signingKey = [region, 's3', 'aws4_request'].reduce((previous, part) => hmac(previous, part), hmac(`AWS4${secretKey}`, date!));
  return timingSafeEqual(hmac(signingKey, text), Buffer.from(signature, 'hex')) ? null : 'SignatureDoesNotMatch';
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
