// Goes behind the glue of a module that draws: the page makes the WebGL context and hands it in, one at a time. It is
// here, and not in web/, because a minifier renames the members of GL in the glue only.

Module['useContext'] = function (context) {
  GL.makeContextCurrent(GL.registerContext(context, { majorVersion: 2, minorVersion: 0, enableExtensionsByDefault: false }));
};

Module['forgetContext'] = function () {
  if (GL.currentContext) GL.deleteContext(GL.currentContext.handle);
  // Names of objects are counted up and never used again: without this an instance used for many contexts would grow.
  for (const table of [GL.buffers, GL.programs, GL.framebuffers, GL.renderbuffers, GL.textures, GL.shaders, GL.vaos, GL.samplers]) {
    table.length = 0;
  }
  GL.counter = 1;
};

Module['texture'] = function (name) {
  return GL.textures[name] || null;
};
