#include "authority/keys/key_ring.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/base64url.h"
#include "files/files.h"
#include "token/jwk.h"

namespace elicense::authority {
namespace {

constexpr std::array kUses = {KeyUse::licence, KeyUse::lease, KeyUse::status, KeyUse::receipt};
constexpr std::size_t kKeptFree = 24;
constexpr std::size_t kMostRingFile = 262144;
constexpr JsonLimits kRingLimits = {.bytes = kMostRingFile, .depth = 4, .values = 8192};

// Held while it lives, against other instances.
class FileLock {
 public:
  static Outcome<FileLock> take(const std::string& path) {
    Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.open()) return file_problem(path, "cannot be opened");
    while (flock(file.number(), LOCK_EX) != 0) {
      if (errno != EINTR) return file_problem(path, "cannot be locked");
    }
    return FileLock(std::move(file));
  }

 private:
  explicit FileLock(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

std::optional<UnixTime> time_of(const Json& object, std::string_view name) {
  const Json* const value = object.find(name);
  const auto seconds = value == nullptr ? std::nullopt : value->integer();
  if (!seconds || !is_wire_time(*seconds)) return std::nullopt;
  return UnixTime{*seconds};
}

std::optional<std::string> text_member(const Json& object, std::string_view name) {
  const Json* const value = object.find(name);
  if (value == nullptr || value->string() == nullptr) return std::nullopt;
  return *value->string();
}

std::optional<RingKey> key_of(const Json& json) {
  RingKey key;
  const auto encoded = text_member(json, "x");
  const auto bytes = encoded ? base64url_decode(*encoded) : Result<Bytes>(ErrorCode::key_encoding);
  const auto point = bytes.ok() ? PublicKey::from(*bytes) : Result<PublicKey>(bytes.error());
  const auto use_name = text_member(json, "use");
  const auto use = use_name ? key_use_from_name(*use_name) : std::nullopt;
  const auto made = time_of(json, "made");
  const auto from = time_of(json, "signs_from");
  const auto until = time_of(json, "signs_until");
  const auto expires = time_of(json, "expires");
  if (!point.ok() || !use || !made || !from || !until || !expires) return std::nullopt;
  key.kid = key_name(*point);
  key.key = *point;
  key.use = *use;
  key.made = *made;
  key.signs_from = *from;
  key.signs_until = *until;
  key.expires = *expires;
  if (json.find("revoked") != nullptr) {
    key.revoked = time_of(json, "revoked");
    if (!key.revoked) return std::nullopt;
  }
  return key;
}

Json json_of(const RingKey& key) {
  Json::Object members = {{"kid", key.kid},
                          {"x", base64url_encode(key.key.view())},
                          {"use", key_use_name(key.use)},
                          {"made", key.made.seconds},
                          {"signs_from", key.signs_from.seconds},
                          {"signs_until", key.signs_until.seconds},
                          {"expires", key.expires.seconds}};
  if (key.revoked) members.emplace_back("revoked", key.revoked->seconds);
  return members;
}

}  // namespace

struct KeyRing::Ring {
  PublicKey root;
  std::vector<RingKey> keys;

  // The youngest of those whose time has come. One whose successor is late goes on beyond its time: it is still known
  // when the last token it signs is over.
  const RingKey* signing(KeyUse use, UnixTime now) const {
    const RingKey* best = nullptr;
    for (const RingKey& key : keys) {
      if (key.use != use || key.revoked || now < key.signs_from || now >= key.expires) continue;
      if (best == nullptr || best->signs_from <= key.signs_from) best = &key;
    }
    return best;
  }

  static Outcome<std::optional<Ring>> read(const std::string& path) {
    if (!std::filesystem::exists(path)) return std::optional<Ring>();
    InputFiles files;
    ELICENSE_TRY(const std::string text, files.read_secret(path, kMostRingFile));
    const auto json = Json::parse(text, kRingLimits);
    Ring ring;
    const auto root = json.ok() ? text_member(*json, "root") : std::nullopt;
    const auto bytes = root ? base64url_decode(*root) : Result<Bytes>(ErrorCode::key_encoding);
    const auto point = bytes.ok() ? PublicKey::from(*bytes) : Result<PublicKey>(bytes.error());
    const Json* const keys = json.ok() ? json->find("keys") : nullptr;
    if (!point.ok() || keys == nullptr || keys->array() == nullptr) return usage_problem(path + " is damaged");
    ring.root = *point;
    for (const Json& entry : *keys->array()) {
      auto key = key_of(entry);
      if (!key) return usage_problem(path + " is damaged");
      ring.keys.push_back(std::move(*key));
    }
    return std::optional(std::move(ring));
  }

  Outcome<Done> write(const std::string& path) const {
    Json::Array list;
    for (const RingKey& key : keys) list.push_back(json_of(key));
    const Json document = Json::Object{{"root", base64url_encode(root.view())}, {"keys", std::move(list)}};
    return replace_file(path, document.dump_pretty() + "\n", 0600);
  }
};

KeyRing::KeyRing(std::filesystem::path folder, std::unique_ptr<KeyVault> vault, const KeyTimes& times)
    : folder_(std::move(folder)), vault_(std::move(vault)), times_(times) {}
KeyRing::~KeyRing() = default;

Outcome<RingKey> KeyRing::add(Ring& ring, KeyUse use, SignsFrom from, UnixTime now) {
  if (ring.keys.size() >= kMostTrustedKeys) return usage_problem("there are as many keys as a trust list holds");
  ELICENSE_TRY(const PublicKey made, vault_->make());
  RingKey key;
  key.kid = key_name(made);
  key.key = made;
  key.use = use;
  key.made = now;
  key.signs_from = from == SignsFrom::at_once ? now : now + times_.overlap;
  key.signs_until = key.signs_from + times_.signing;
  key.expires = key.signs_until + times_.aftermath;
  ring.keys.push_back(key);
  return key;
}

// Reads the ring as it is by now, lets `change` have its way, writes it and takes it over: all or nothing, but for a
// key file that nothing refers to.
template <class Change>
auto KeyRing::change(const Change& change) -> decltype(change(std::declval<Ring&>())) {
  ELICENSE_TRY(const FileLock lock, FileLock::take((folder_ / "ring.lock").string()));
  const std::string path = (folder_ / "ring.json").string();
  ELICENSE_TRY(std::optional<Ring> ring, Ring::read(path));
  if (!ring) {
    ring.emplace();
    ELICENSE_TRY(ring->root, vault_->make());
  }
  auto outcome = change(*ring);
  if (!outcome.ok()) return outcome;
  ELICENSE_CHECK(ring->write(path));
  ELICENSE_CHECK(take(std::move(*ring)));
  return outcome;
}

Outcome<Done> KeyRing::take(Ring ring) {
  std::map<std::string, std::shared_ptr<const Signer>, std::less<>> signers;
  for (const RingKey& key : ring.keys) {
    if (key.revoked) continue;
    std::shared_ptr<const Signer> signer;
    {
      const std::lock_guard guard(mutex_);
      const auto known = signers_.find(key.kid);
      if (known != signers_.end()) signer = known->second;
    }
    if (!signer) {
      ELICENSE_TRY(signer, vault_->open(key.kid));
    }
    signers.emplace(key.kid, std::move(signer));
  }
  const std::lock_guard guard(mutex_);
  ring_ = std::make_unique<Ring>(std::move(ring));
  signers_ = std::move(signers);
  return Done{};
}

Outcome<std::unique_ptr<KeyRing>> KeyRing::open(const std::filesystem::path& folder, std::unique_ptr<KeyVault> vault,
                                                const KeyTimes& times, UnixTime now) {
  std::error_code error;
  if (std::filesystem::create_directory(folder, error))
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (error) return usage_problem("the folder for keys cannot be made: " + folder.string());
  std::unique_ptr<KeyRing> ring(new KeyRing(folder, std::move(vault), times));
  ELICENSE_CHECK(ring->renew(now));
  return ring;
}

PublicKey KeyRing::root() const {
  const std::lock_guard guard(mutex_);
  return ring_->root;
}

std::vector<RingKey> KeyRing::keys() const {
  const std::lock_guard guard(mutex_);
  return ring_->keys;
}

std::string KeyRing::signing_kid(KeyUse use, UnixTime now) const {
  const std::lock_guard guard(mutex_);
  const RingKey* const key = ring_->signing(use, now);
  return key == nullptr ? std::string() : key->kid;
}

Result<SigningKey> KeyRing::signing(KeyUse use, UnixTime now) const {
  const std::lock_guard guard(mutex_);
  const RingKey* const key = ring_->signing(use, now);
  if (key == nullptr) return ErrorCode::signer_unavailable;
  const auto signer = signers_.find(key->kid);
  if (signer == signers_.end()) return ErrorCode::signer_unavailable;
  return SigningKey{.kid = key->kid, .signer = signer->second};
}

Result<std::shared_ptr<const Signer>> KeyRing::root_signer() const {
  auto signer = vault_->open(key_name(root()));
  if (!signer.ok()) return ErrorCode::signer_unavailable;
  return std::move(signer).value();
}

std::vector<IssuerKey> KeyRing::trusted(UnixTime now) const {
  std::vector<IssuerKey> trusted;
  for (const RingKey& key : keys()) {
    if (key.expires <= now) continue;
    // A verifier's clock may be a little behind ours.
    trusted.push_back({.kid = key.kid,
                       .key = key.key,
                       .uses = {key.use},
                       .not_before = key.made - kClockAllowanceSeconds,
                       .expires = key.expires,
                       .revoked = key.revoked});
  }
  return trusted;
}

bool KeyRing::has_room_for_rotation() const {
  const std::lock_guard guard(mutex_);
  return ring_->keys.size() < kMostTrustedKeys - kKeptFree;
}

Outcome<RingKey> KeyRing::rotate(KeyUse use, SignsFrom from, UnixTime now) {
  return change([&](Ring& ring) { return add(ring, use, from, now); });
}

Outcome<bool> KeyRing::revoke(std::string_view kid, UnixTime now) {
  return change([&](Ring& ring) -> Outcome<bool> {
    const auto is = [kid](const RingKey& key) { return key.kid == kid; };
    const auto found = std::find_if(ring.keys.begin(), ring.keys.end(), is);
    if (found == ring.keys.end()) return false;
    if (found->revoked) return true;
    const KeyUse use = found->use;
    found->revoked = now;
    if (ring.signing(use, now) == nullptr) ELICENSE_CHECK(add(ring, use, SignsFrom::at_once, now));
    return true;
  });
}

Outcome<bool> KeyRing::renew(UnixTime now) {
  return change([&](Ring& ring) -> Outcome<bool> {
    bool changed = false;
    for (const KeyUse use : kUses) {
      // Early enough that the successor signs before its predecessor's time is up.
      const UnixTime soon = now + times_.overlap + times_.overlap / 4;
      const RingKey* const next = ring.signing(use, now + times_.overlap);
      if (ring.signing(use, now) == nullptr) {
        ELICENSE_CHECK(add(ring, use, SignsFrom::at_once, now));
        changed = true;
      } else if (next == nullptr || next->signs_until <= soon) {
        ELICENSE_CHECK(add(ring, use, SignsFrom::known_to_all, now));
        changed = true;
      }
    }
    // A revoked key stays on the list until it would have expired: a verifier has to hear of it.
    for (auto key = ring.keys.begin(); key != ring.keys.end();) {
      if (key->expires > now) {
        ++key;
        continue;
      }
      ELICENSE_CHECK(vault_->remove(key->kid));
      key = ring.keys.erase(key);
      changed = true;
    }
    return changed;
  });
}

Outcome<Done> KeyRing::reload() {
  ELICENSE_TRY(std::optional<Ring> ring, Ring::read((folder_ / "ring.json").string()));
  if (!ring) return usage_problem("ring.json has gone from the folder with the keys");
  return take(std::move(*ring));
}

}  // namespace elicense::authority
