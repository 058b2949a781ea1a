// Names of controls and hints. What a check is worth is said by the module's words alone.
import type { Language } from '../messages.js';
import type { CameraTrouble } from './camera.js';
import type { Obstacle } from './verifier.js';

export interface Words {
  name: string;
  camera: { start: string; stop: string; starting: string; other: string; torch: string; zoom: string; hint: string; title: string };
  trouble: Record<CameraTrouble | 'scanner', string>;
  /** What the element does; the second one where no camera is. */
  guide: { title: string; steps: [string, string, string]; scanner: string };
  picture: string;
  dropHere: string;
  text: { open: string; label: string; check: string };
  challenge: { ask: string; end: string };
  next: string;
  nextHint: string;
  checking: string;
  sound: string;
  vibration: string;
  notOurs: string;
  stillThere: string;
  justChecked: string;
  noDigits: string;
  noCode: string;
  noPicture: string;
  noScanner: string;
  noPortrait: string;
  portrait: string;
  noPersonalData: string;
  offline: string;
  unchecked: string;
  status: string;
  result: string;
  loading: string;
  retry: string;
  obstacle: Record<Obstacle | 'settings', string>;
}

const chineseBrowser = '此浏览器无法核验驾驶证电子版。请更新系统或浏览器，或者核对纸质驾驶证。';
const chineseScanner = '扫码程序未能载入。请检查网络后重试，或改用扫码枪。';
const englishScanner = 'The scanner could not be loaded. Check the network and try again, or use a handheld scanner.';
const englishBrowser = 'This browser cannot check electronic licences. Update the system or the browser, or look at the paper licence.';

export const words: Record<Language, Words> = {
  'zh-CN': {
    name: '核验驾驶证电子版',
    camera: {
      title: '相机', start: '打开相机扫码', stop: '关闭相机', starting: '正在打开相机…', other: '换一个相机', torch: '手电筒', zoom: '放大',
      hint: '将对方手机上的二维码放入框内',
    },
    trouble: {
      denied: '未获准使用相机。请在浏览器的设置中允许此网站使用相机，或改用图片、文字。',
      none: '此设备没有可用的相机。可改用图片、文字或扫码枪。',
      busy: '相机正被其他程序使用。请关闭后重试。',
      insecure: '此页面未使用安全连接，浏览器不允许使用相机。',
      failed: '相机未能打开。请重试，或改用图片、文字。',
      scanner: chineseScanner,
    },
    guide: {
      title: '核验驾驶证电子版',
      steps: ['请对方在自己的手机上打开驾驶证电子版', '扫描二维码，两秒即知结果', '核对照片与本人，核对双方屏幕上的数字'],
      scanner: '也可以直接用扫码枪扫描。',
    },
    picture: '选择图片',
    dropHere: '松开即可核验',
    text: { open: '输入文字', label: '二维码的文字', check: '核验' },
    challenge: { ask: '请对方点按两位数字', end: '取消' },
    next: '下一位',
    nextHint: '可以扫描下一位',
    checking: '正在核验…',
    sound: '声音',
    vibration: '振动',
    notOurs: '这不是驾驶证电子版的二维码',
    stillThere: '这部手机已核验，请先移开',
    justChecked: '此码刚刚核验过，请等待新的二维码',
    noDigits: '二维码中还没有这两位数字',
    noCode: '图片中没有找到二维码',
    noPicture: '无法读取这个文件，请选择图片',
    noScanner: chineseScanner,
    noPortrait: '联网核验时显示照片',
    portrait: '持证人照片',
    noPersonalData: '不显示任何个人信息',
    offline: '离线核验',
    unchecked: '未能核对',
    status: '状态',
    result: '核验结果',
    loading: '正在准备核验…',
    retry: '重试',
    obstacle: {
      webassembly: chineseBrowser,
      'module-load': '核验程序未能载入。请检查网络后重试，或者核对纸质驾驶证。',
      'module-failed': '核验程序出错，已停止。请重试，或者核对纸质驾驶证。',
      settings: '此页面的设置有误，无法核验。请联系本网站的提供者。',
    },
  },
  en: {
    name: 'Check an electronic driving licence',
    camera: {
      title: 'Camera', start: 'Scan with the camera', stop: 'Turn the camera off', starting: 'Opening the camera…', other: 'Another camera', torch: 'Torch',
      zoom: 'Zoom', hint: 'Hold the code on their phone inside the frame',
    },
    trouble: {
      denied: 'The camera is not allowed. Allow it for this site in the browser’s settings, or use a picture or text.',
      none: 'This device has no camera that can be used. Use a picture, text or a handheld scanner.',
      busy: 'Another program is using the camera. Close it and try again.',
      insecure: 'This page has no secure connection, so the browser does not allow the camera.',
      failed: 'The camera could not be opened. Try again, or use a picture or text.',
      scanner: englishScanner,
    },
    guide: {
      title: 'Check an electronic driving licence',
      steps: [
        'Ask the holder to open the licence on their own phone',
        'Scan its code: the answer is there in two seconds',
        'Compare the photo with the face, and the numbers on both screens',
      ],
      scanner: 'A handheld scanner works as well.',
    },
    picture: 'Choose a picture',
    dropHere: 'Let go to check it',
    text: { open: 'Enter text', label: 'The code’s text', check: 'Check' },
    challenge: { ask: 'Ask the holder to tap two digits', end: 'Cancel' },
    next: 'Next',
    nextHint: 'Ready for the next one',
    checking: 'Checking…',
    sound: 'Sound',
    vibration: 'Vibration',
    notOurs: 'This is not a licence code',
    stillThere: 'This phone has been checked: take it away first',
    justChecked: 'This code was checked a moment ago: wait for the next one',
    noDigits: 'The code does not carry the two digits yet',
    noCode: 'There is no code in the picture',
    noPicture: 'This file cannot be read: choose a picture',
    noScanner: englishScanner,
    noPortrait: 'The photo is shown when online',
    portrait: 'Photo of the holder',
    noPersonalData: 'No personal data is shown',
    offline: 'Checked offline',
    unchecked: 'Could not be checked',
    status: 'Status',
    result: 'Result of the check',
    loading: 'Getting ready to check…',
    retry: 'Try again',
    obstacle: {
      webassembly: englishBrowser,
      'module-load': 'The checking program could not be loaded. Check the network and try again, or look at the paper licence.',
      'module-failed': 'The checking program has failed and was stopped. Try again, or look at the paper licence.',
      settings: 'This page is not set up rightly and cannot check licences. Tell the maker of this site.',
    },
  },
};
