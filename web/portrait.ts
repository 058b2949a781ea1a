// The portrait: decoded by the browser, from memory, into a texture of the module.
import { fromBase64 } from './bytes.js';

const mostBytes = 262_144;
const mostPixels = 2048; // each way
const form = /^data:(image\/(?:jpeg|png|webp));base64,([A-Za-z0-9+/=]+)$/;

/** Throws when it is not a picture of those kinds and sizes. */
export async function decodePortrait(uri: string): Promise<ImageBitmap> {
  const [, type, base64] = form.exec(uri) ?? [];
  if (!type || !base64 || base64.length > mostBytes * 1.4) throw new Error('no picture');
  const picture = await createImageBitmap(new Blob([fromBase64(base64)], { type }));
  if (picture.width <= mostPixels && picture.height <= mostPixels) return picture;
  picture.close();
  throw new Error('too large');
}

/** Leaves the context as it was. */
export function uploadPicture(gl: WebGL2RenderingContext, texture: WebGLTexture, picture: ImageBitmap): void {
  const before = gl.getParameter(gl.TEXTURE_BINDING_2D) as WebGLTexture | null;
  const unpackBuffer = gl.getParameter(gl.PIXEL_UNPACK_BUFFER_BINDING) as WebGLBuffer | null;
  gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, null);
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, picture);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  gl.bindTexture(gl.TEXTURE_2D, before);
  gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, unpackBuffer);
}
