import makeInstance, { type VerifierGlue } from 'glue:e-license-verifier';
import { CoreModule, Instances } from '../core.js';
import type { CheckEffect, TimedCheckEvent } from '../verifier-messages.js';

const instances = new Instances(makeInstance);

export class VerifierModule extends CoreModule<VerifierGlue, TimedCheckEvent, CheckEffect> {
  static async load(url: string): Promise<VerifierModule> {
    return new VerifierModule(instances, url, await instances.take(url));
  }
}
