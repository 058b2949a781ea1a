#include "authority/keys/key_vault.h"

#include <cerrno>
#include <cstdio>
#include <string>

#include "files/key_files.h"
#include "token/jwk.h"

namespace elicense::authority {
namespace {

class FileVault final : public KeyVault {
 public:
  FileVault(std::filesystem::path folder, RandomSource& random) : folder_(std::move(folder)), random_(random) {}

  Outcome<PublicKey> make() override {
    const SecretKey key = SecretKey::generate(random_);
    ELICENSE_CHECK(create_key_file(path_of(key_name(key.public_key())), key));
    return key.public_key();
  }

  Outcome<std::shared_ptr<const Signer>> open(std::string_view kid) override {
    InputFiles files;
    ELICENSE_TRY(SecretKey key, read_secret_key(path_of(kid), files));
    if (key_name(key.public_key()) != kid) return usage_problem(path_of(kid) + " holds another key than its name says");
    return std::shared_ptr<const Signer>(std::make_shared<const SecretKey>(std::move(key)));
  }

  Outcome<Done> remove(std::string_view kid) override {
    const std::string path = path_of(kid);
    if (std::remove(path.c_str()) != 0 && errno != ENOENT) return file_problem(path, "cannot be removed");
    return Done{};
  }

 private:
  std::string path_of(std::string_view kid) const { return (folder_ / (std::string(kid) + ".jwk")).string(); }

  std::filesystem::path folder_;
  RandomSource& random_;
};

}  // namespace

std::unique_ptr<KeyVault> open_file_vault(const std::filesystem::path& folder, RandomSource& random) {
  return std::make_unique<FileVault>(folder, random);
}

}  // namespace elicense::authority
