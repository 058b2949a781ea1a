// The authority's keys and their lives: one root that signs the trust list, and for each use a row of issuing keys of
// which one signs. A new key is published first and signs later, once every verifier's trust list knows it; the one
// before it signs until then, and is known until the last token it signed is over.
//
//     made          signs_from                    signs_until           expires
//       |  published   |   signs                       |   known           |   removed
//
// What is public about them stands in ring.json beside the key files; instances that share the folder share the ring:
// every change is made under a lock on the file, over what is there by then. Refuses a ring that is damaged, and more
// keys than a trust list holds.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/keys/key_vault.h"
#include "token/trust_list.h"

namespace elicense::authority {

struct KeyTimes {
  std::int64_t overlap = 86400;         // from publishing to signing: as long as a trust list lives
  std::int64_t signing = 90 * 86400;    // how long a key signs
  std::int64_t aftermath = 32 * 86400;  // how long the longest token of it lives, and a day
};

struct RingKey {
  std::string kid;
  PublicKey key;
  KeyUse use = KeyUse::licence;
  UnixTime made, signs_from, signs_until, expires;
  std::optional<UnixTime> revoked;
};

enum class SignsFrom : std::uint8_t { known_to_all, at_once };

struct SigningKey {
  std::string kid;
  std::shared_ptr<const Signer> signer;
};

class KeyRing {
 public:
  // Makes root and issuing keys in a folder that has none; the folder's parent has to be there.
  static Outcome<std::unique_ptr<KeyRing>> open(const std::filesystem::path& folder, std::unique_ptr<KeyVault> vault,
                                                const KeyTimes& times, UnixTime now);
  KeyRing(const KeyRing&) = delete;
  KeyRing& operator=(const KeyRing&) = delete;
  ~KeyRing();

  PublicKey root() const;
  std::vector<RingKey> keys() const;
  std::string signing_kid(KeyUse use, UnixTime now) const;     // empty: none
  Result<SigningKey> signing(KeyUse use, UnixTime now) const;  // signer-unavailable
  Result<std::shared_ptr<const Signer>> root_signer() const;   // opened for each use, kept by nobody
  std::vector<IssuerKey> trusted(UnixTime now) const;          // for the trust list

  // A trust list holds so many keys and no more. What is rotated by hand leaves room for revocations and successors.
  bool has_room_for_rotation() const;
  Outcome<RingKey> rotate(KeyUse use, SignsFrom from, UnixTime now);
  // False: no such key. When it was the one that signs, a new one signs at once.
  Outcome<bool> revoke(std::string_view kid, UnixTime now);
  // Successors of keys that will soon stop signing, and the end of those that are over; whether anything changed.
  Outcome<bool> renew(UnixTime now);
  Outcome<Done> reload();  // what another instance changed

 private:
  struct Ring;
  KeyRing(std::filesystem::path folder, std::unique_ptr<KeyVault> vault, const KeyTimes& times);
  template <class Change>
  auto change(const Change& change) -> decltype(change(std::declval<Ring&>()));
  Outcome<Done> take(Ring ring);
  Outcome<RingKey> add(Ring& ring, KeyUse use, SignsFrom from, UnixTime now);

  std::filesystem::path folder_;
  std::unique_ptr<KeyVault> vault_;
  KeyTimes times_;
  mutable std::mutex mutex_;  // over what is below
  std::unique_ptr<Ring> ring_;
  std::map<std::string, std::shared_ptr<const Signer>, std::less<>> signers_;
};

}  // namespace elicense::authority
