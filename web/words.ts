// The few words that are needed without the module; all others come from it.
import type { Language } from './messages.js';

export type Obstacle = 'webassembly' | 'webgl2' | 'module-load' | 'module-failed' | 'authority' | 'root-key';

interface Words {
  loading: string;
  retry: string;
  obstacle: Record<Obstacle, string>;
}

const chineseBrowser = '此浏览器无法显示驾驶证电子版。请更新系统或浏览器，关闭锁定模式，或者出示纸质驾驶证。';
const englishBrowser =
  'This browser cannot show the electronic driving licence. Update the system or the browser, turn lockdown mode off, or show the paper licence.';
const chineseSetup = '此页面的设置有误，无法显示驾驶证电子版。请联系本应用的提供者，或者出示纸质驾驶证。';
const englishSetup =
  'This page is not set up rightly and cannot show the electronic driving licence. Tell the maker of this app, or show the paper licence.';

export const words: Record<Language, Words> = {
  'zh-CN': {
    loading: '正在打开驾驶证电子版…',
    retry: '重试',
    obstacle: {
      webassembly: chineseBrowser,
      webgl2: chineseBrowser,
      'module-load': '驾驶证电子版未能载入。请检查网络后重试，或者出示纸质驾驶证。',
      'module-failed': '驾驶证电子版出错，已停止显示。请重试，或者出示纸质驾驶证。',
      authority: chineseSetup,
      'root-key': chineseSetup,
    },
  },
  en: {
    loading: 'Opening the electronic driving licence…',
    retry: 'Try again',
    obstacle: {
      webassembly: englishBrowser,
      webgl2: englishBrowser,
      'module-load': 'The electronic driving licence could not be loaded. Check the network and try again, or show the paper licence.',
      'module-failed': 'The electronic driving licence has failed and is no longer shown. Try again, or show the paper licence.',
      authority: englishSetup,
      'root-key': englishSetup,
    },
  },
};
