import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { type EndpointName, endpoints } from '../../contracts/index.js';
import { ENDPOINT } from './endpoint.decorator.js';

/** Default deny, at the start: every route has declared who may call it, and every documented call has exactly one handler. */
@Injectable()
export class RouteCompleteness implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onApplicationBootstrap(): void {
    const seen = new Map<string, string>();
    const faults: string[] = [];
    for (const { instance, name } of this.discovery.getControllers()) {
      if (!instance) continue;
      const prototype = Object.getPrototypeOf(instance) as Record<string, unknown>;
      for (const key of this.scanner.getAllMethodNames(prototype)) {
        const handler = prototype[key];
        if (typeof handler !== 'function' || Reflect.getMetadata('path', handler) === undefined) continue;
        const policy = Reflect.getMetadata(ENDPOINT, handler) as { name?: EndpointName } | undefined;
        if (!policy) faults.push(`${name}.${key} has no declared policy`);
        else if (policy.name) {
          if (seen.has(policy.name)) faults.push(`${policy.name} is handled twice: ${seen.get(policy.name)} and ${name}.${key}`);
          seen.set(policy.name, `${name}.${key}`);
        }
      }
    }
    for (const name of Object.keys(endpoints)) if (!seen.has(name)) faults.push(`${name} of the contract has no handler`);
    if (faults.length > 0) throw new Error(`The REST routes do not fit the contract:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}
