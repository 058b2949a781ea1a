import './e-license.js';
import { joinHost } from './e-license-bridge.js';

const element = document.createElement('e-license');
// Until the app has said whom to trust there is nothing to show.
joinHost(element).then(() => document.body.append(element));
