// The whole service as one process: what the options ask for is opened, joined and served until SIGTERM or SIGINT.
// Refuses a data folder among the files that are served, a store made for the other purpose, keys that are not the
// store's, an address that is taken; each with a sentence for the operator.
#pragma once

#include "authority/options.h"
#include "files/outcome.h"

namespace elicense::authority {

Outcome<Done> serve_authority(const Options& options);

}  // namespace elicense::authority
