import { BlockList, isIP } from 'node:net';

/** Finds the address of who really called, behind the proxies that are trusted. */
export type ClientAddress = (peer: string | undefined, forwardedFor: string | string[] | undefined) => string;

/**
 * The same rule as Fastify's `trustProxy`: from the peer backwards through `X-Forwarded-For`, the first address that is not trusted.
 * What a stranger wrote into the header is never reached, because the stranger is not trusted.
 * @param trustProxy off, the number of proxies in front, or their addresses and networks separated by commas
 * @throws Error when a word of the list is no address or network
 */
export function clientAddress(trustProxy: false | number | string): ClientAddress {
  const trusts = trustFunction(trustProxy);
  return (peer, forwardedFor) => {
    let address = plainAddress(peer ?? '');
    if (!forwardedFor) return address;
    const chain = (Array.isArray(forwardedFor) ? forwardedFor.join(',') : forwardedFor).split(',');
    for (let hop = 0; chain.length > 0 && trusts(address, hop); hop++) {
      const next = plainAddress(chain.pop()!.trim());
      // A proxy writes addresses; whatever else stands here was not written by one.
      if (isIP(next) === 0) break;
      address = next;
    }
    return address;
  };
}

/** IPv4 inside of IPv6 as IPv4. */
function plainAddress(address: string): string {
  const match = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address);
  return match ? match[1]! : address;
}

function trustFunction(trustProxy: false | number | string): (address: string, hop: number) => boolean {
  if (trustProxy === false) return () => false;
  if (typeof trustProxy === 'number') return (_address, hop) => hop < trustProxy;
  const trusted = new BlockList();
  for (const word of trustProxy.split(',').map((part) => part.trim())) {
    if (word !== '') add(trusted, word);
  }
  return (address) => {
    const family = isIP(address);
    return family !== 0 && trusted.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
}

function add(list: BlockList, word: string): void {
  const [network = '', range] = word.split('/');
  const address = plainAddress(network);
  const family = isIP(address);
  const bits = range === undefined ? (family === 4 ? 32 : 128) : prefixBits(range);
  if (family === 0 || bits === null || bits > (family === 4 ? 32 : 128)) {
    throw new Error(`TRUST_PROXY: "${word}" is neither an address nor a network such as 10.0.0.0/8.`);
  }
  list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
}

/** `8`, or a netmask such as `255.0.0.0`. */
function prefixBits(range: string): number | null {
  if (/^\d{1,3}$/.test(range)) return Number(range);
  if (isIP(range) !== 4) return null;
  const bits = range
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : null;
}
