// Refuses a package-lock.json with a hole: an optional package that a locked one names and that is not locked itself
// (npm leaves it out without a word when its registry is behind, and a later `npm ci` then refuses the whole lock), or
// one that says which registry it came from.
//   locks.mjs FILE…
import { readFileSync } from 'node:fs'

function resolves(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (`${folder ? `${folder}/` : ''}node_modules/${name}` in packages) return true
    if (!folder) return false
  }
}

for (const file of process.argv.slice(2)) {
  const refuse = (what) => {
    console.log(`${file}: ${what}`)
    process.exitCode = 1
  }
  const { packages } = JSON.parse(readFileSync(file, 'utf8'))
  for (const [path, entry] of Object.entries(packages)) {
    if (entry.resolved) refuse(`${path} names its registry`)
    for (const name of Object.keys(entry.optionalDependencies ?? {}))
      if (!resolves(packages, path, name)) refuse(`${name}, which ${path} may need on another machine, is not locked`)
  }
}
