// Where the authority's secret keys lie. Files by default; a hardware module takes their place by another
// implementation of KeyVault: nobody else ever sees a secret key, only who signs with it.
// The files refuse to be read when others could read them (mode 0600), and to be written over.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "crypto/ed25519.h"
#include "files/outcome.h"

namespace elicense::authority {

class KeyVault {
 public:
  virtual ~KeyVault() = default;
  KeyVault() = default;
  KeyVault(const KeyVault&) = delete;
  KeyVault& operator=(const KeyVault&) = delete;

  virtual Outcome<PublicKey> make() = 0;  // a new key, kept under its name (key_name)
  virtual Outcome<std::shared_ptr<const Signer>> open(std::string_view kid) = 0;
  virtual Outcome<Done> remove(std::string_view kid) = 0;  // a key that is over; one that is not there: done already
};

// One JWK file for each key, KID.jwk, in a folder that is there.
std::unique_ptr<KeyVault> open_file_vault(const std::filesystem::path& folder, RandomSource& random);

}  // namespace elicense::authority
