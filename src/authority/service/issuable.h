// Whether what would be issued of a licence is something that a reader takes: it is issued with a key made for nothing
// else and read back as a phone and a verifier do. Refuses licences that are not complete, texts that do not fit a
// lease, document numbers that no barcode can carry; the error is the reader's own.
#pragma once

#include <optional>
#include <string_view>

#include "crypto/random.h"
#include "licence/licence.h"

namespace elicense::authority {

// `data` without the portrait, which stands apart as it does in the store. `origin` is the issuer's.
Status prove_issuable(const LicenceData& data, const std::optional<Portrait>& portrait, StatusSet status,
                      std::string_view origin, RandomSource& random);

}  // namespace elicense::authority
