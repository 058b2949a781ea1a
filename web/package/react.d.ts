// Both elements in React's JSX, from React 19 on, which sets properties and listens to events of custom elements.
// `import type {} from 'e-license/react'` in any file of the project brings them in.
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { DeviceSigner, ELicenseAttributes, ELicenseElement, ELicenseEventMap } from './e-license.js';
import type { ELicenseVerifierAttributes, ELicenseVerifierElement, ELicenseVerifierEventMap } from './e-license-verifier.js';

type Props<Element, Own> = Omit<DetailedHTMLProps<HTMLAttributes<Element>, Element>, keyof Own> & Own;
/** `onstate-change` hears `state-change`. */
type Listeners<Events> = { [Type in keyof Events as `on${Type & string}`]?: (event: Events[Type]) => void };

interface ViewerProperties {
  /**
   * Not on a page that is rendered on the server: there React writes it into the HTML, where the code is of no use and does not
   * belong. Set it from an effect, through a ref.
   */
  preAuthorizedCode?: string | null;
  /** As above. */
  accessToken?: string | null;
  signer?: DeviceSigner | null;
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'e-license': Props<ELicenseElement, ELicenseAttributes & ViewerProperties & Listeners<ELicenseEventMap>>;
      'e-license-verifier': Props<ELicenseVerifierElement, ELicenseVerifierAttributes & Listeners<ELicenseVerifierEventMap>>;
    }
  }
}
