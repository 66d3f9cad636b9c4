import { Fault, faultOfResponse } from './fault.js';
import type { Credentials } from './rest.js';

interface UploadOptions {
  credentials: Pick<Credentials, 'access' | 'refresh'>;
  /** Below 1 while it is on its way. */
  onProgress?: (part: number) => void;
  signal?: AbortSignal;
  /** Further fields of the form. */
  fields?: Readonly<Record<string, string>>;
  /** The name of the file's field. */
  field?: string;
  method?: 'POST' | 'PUT';
  base?: string;
}

/**
 * Sends a file as multipart/form-data and answers what the server says. A refused token is renewed once. `fetch` tells nothing of what is on
 * its way, so this speaks by XMLHttpRequest. @throws Fault
 */
export async function uploadFile<T>(path: string, file: Blob, options: UploadOptions): Promise<T> {
  let response = await send(path, file, options);
  if (response.status === 401) {
    await options.credentials.refresh();
    response = await send(path, file, options);
  }
  if (!response.ok) throw await faultOfResponse(response);
  return (await response.json()) as T;
}

async function send(path: string, file: Blob, options: UploadOptions): Promise<Response> {
  const { credentials, onProgress, signal, fields = {}, field = 'file', method = 'POST', base = '/api/v1' } = options;
  const token = await credentials.access();
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append(field, file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, base + path);
    if (token !== null) request.setRequestHeader('authorization', `Bearer ${token}`);
    request.setRequestHeader('accept', 'application/json');
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? Math.min(loaded / total, 0.99) : 0);
    request.onload = () => {
      const retryAfter = request.getResponseHeader('retry-after');
      resolve(
        new Response(request.responseText || null, { status: request.status, headers: retryAfter ? { 'retry-after': retryAfter } : {} }),
      );
    };
    request.onerror = () => reject(new Fault('network.down', 'The server cannot be reached.'));
    request.onabort = () => reject(new Fault('network.down', 'The upload was taken back.'));
    signal?.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}
