// Both elements in Vue's templates. `import type {} from 'e-license/vue'` in any file of the project brings them in; the compiler
// takes them for custom elements by `isCustomElement: (tag) => tag.startsWith('e-license')`.
import type { HTMLAttributes } from 'vue';
import type { DeviceSigner, ELicenseAttributes, ELicenseElement, ELicenseEventMap } from './e-license.js';
import type { ELicenseVerifierAttributes, ELicenseVerifierElement, ELicenseVerifierEventMap } from './e-license-verifier.js';

/** A template's checker asks for `root-key` by the name `rootKey`, and for `@state-change` by `onStateChange`. */
type Camel<Name> = Name extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Name;
type Props<Own, Events> = { [Name in keyof Own as Camel<Name>]: Own[Name] }
  & { [Type in keyof Events as `on${Capitalize<Camel<Type & string>>}`]?: (event: Events[Type]) => void };

type InTemplate<Element, Own, Events> = new () => Element & {
  /** For templates alone: a ref to the element has none. */
  $props: Omit<HTMLAttributes, keyof Props<Own, Events>> & Props<Own, Events>;
};

interface ViewerProperties {
  preAuthorizedCode?: string | null;
  accessToken?: string | null;
  signer?: DeviceSigner | null;
}

declare module 'vue' {
  interface GlobalComponents {
    'e-license': InTemplate<ELicenseElement, ELicenseAttributes & ViewerProperties, ELicenseEventMap>;
    'e-license-verifier': InTemplate<ELicenseVerifierElement, ELicenseVerifierAttributes, ELicenseVerifierEventMap>;
  }
}
