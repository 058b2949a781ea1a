// Every reason for which this code base says no, each with a stable text name.
// The names are part of the wire format: the command line, TypeScript and HTTP problem documents use the same ones.
// A name is never renamed or reused; an error carries nothing else, so it cannot carry personal data.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace elicense {

// clang-format off
#define ELICENSE_ERROR_CODES(X)                                                                 \
  /* text and transport codings */                                                              \
  X(text_size,                "text-size")                /* longer than the format allows */   \
  X(text_utf8,                "text-utf8")                                                      \
  X(base64url_character,      "base64url-character")                                            \
  X(base64url_length,         "base64url-length")         /* length or unused bits not zero */  \
  X(base45_character,         "base45-character")                                               \
  X(base45_length,            "base45-length")                                                  \
  X(base45_range,             "base45-range")             /* a group above 65535 or 255 */      \
  X(inflate_corrupt,          "inflate-corrupt")                                                \
  X(inflate_size,             "inflate-size")             /* more output than allowed */        \
  X(inflate_trailing,         "inflate-trailing")         /* bytes after the stream */          \
  X(cbor_size,                "cbor-size")                                                      \
  X(cbor_truncated,           "cbor-truncated")                                                 \
  X(cbor_depth,               "cbor-depth")                                                     \
  X(cbor_count,               "cbor-count")               /* more items than allowed */         \
  X(cbor_trailing,            "cbor-trailing")                                                  \
  X(cbor_duplicate_key,       "cbor-duplicate-key")                                             \
  X(cbor_not_minimal,         "cbor-not-minimal")         /* a head longer than needed */       \
  X(cbor_indefinite,          "cbor-indefinite")                                                \
  X(cbor_reserved,            "cbor-reserved")            /* RFC 8949 3: not well-formed */     \
  X(cbor_utf8,                "cbor-utf8")                                                      \
  X(json_size,                "json-size")                                                      \
  X(json_syntax,              "json-syntax")              /* invalid UTF-8 included */          \
  X(json_depth,               "json-depth")                                                     \
  X(json_count,               "json-count")                                                     \
  X(json_duplicate_key,       "json-duplicate-key")                                             \
  X(qr_capacity,              "qr-capacity")                                                    \
  X(qr_character,             "qr-character")                                                   \
  X(code128_character,        "code128-character")                                              \
  X(code128_length,           "code128-length")                                                 \
  X(date_format,              "date-format")                                                    \
  /* keys, signatures, tokens */                                                                \
  X(key_encoding,             "key-encoding")                                                   \
  X(algorithm,                "algorithm")                /* anything but Ed25519 */            \
  X(signature,                "signature")                                                      \
  X(signer_unavailable,       "signer-unavailable")       /* the device with the key failed */  \
  X(jwk_shape,                "jwk-shape")                                                      \
  X(jws_shape,                "jws-shape")                                                      \
  X(jws_header,               "jws-header")                                                     \
  X(jws_type,                 "jws-type")                 /* typ is not the one expected */     \
  X(cose_shape,               "cose-shape")                                                     \
  X(cose_header,              "cose-header")                                                    \
  X(issuer_unknown,           "issuer-unknown")           /* kid is not in the trust list */    \
  X(issuer_mismatch,          "issuer-mismatch")          /* iss is not the trust list's */     \
  X(key_use,                  "key-use")                  /* key not meant for this token */    \
  X(key_not_yet_valid,        "key-not-yet-valid")                                              \
  X(key_expired,              "key-expired")                                                    \
  X(key_revoked,              "key-revoked")                                                    \
  X(root_unknown,             "root-unknown")             /* not signed by a pinned root */     \
  X(trust_list_shape,         "trust-list-shape")                                               \
  X(trust_list_not_yet_valid, "trust-list-not-yet-valid")                                       \
  X(trust_list_expired,       "trust-list-expired")                                             \
  X(trust_list_rollback,      "trust-list-rollback")      /* lower seq than one seen */         \
  X(status_list_shape,        "status-list-shape")                                              \
  X(status_list_subject,      "status-list-subject")      /* sub is not the uri asked for */    \
  X(status_list_not_yet_valid,"status-list-not-yet-valid")                                      \
  X(status_list_expired,      "status-list-expired")                                            \
  X(status_list_index,        "status-list-index")                                              \
  X(status_list_missing,      "status-list-missing")      /* the shard needed is not at hand */ \
  X(sd_jwt_shape,             "sd-jwt-shape")                                                   \
  X(sd_jwt_hash,              "sd-jwt-hash")              /* _sd_alg is not sha-256 */          \
  X(sd_jwt_digest,            "sd-jwt-digest")            /* a digest twice or out of place */  \
  X(sd_jwt_disclosure,        "sd-jwt-disclosure")        /* malformed, doubled, unreferenced */\
  X(key_binding_missing,      "key-binding-missing")                                            \
  X(key_binding_shape,        "key-binding-shape")                                              \
  X(key_binding_signature,    "key-binding-signature")                                          \
  X(key_binding_digest,       "key-binding-digest")                                             \
  X(key_binding_audience,     "key-binding-audience")                                           \
  X(key_binding_nonce,        "key-binding-nonce")                                              \
  X(key_binding_time,         "key-binding-time")                                               \
  X(dpop_shape,               "dpop-shape")                                                     \
  X(dpop_method,              "dpop-method")                                                    \
  X(dpop_url,                 "dpop-url")                                                       \
  X(dpop_time,                "dpop-time")                                                      \
  X(dpop_token,               "dpop-token")               /* ath is not this access token's */  \
  X(key_proof_shape,          "key-proof-shape")                                                \
  X(key_proof_audience,       "key-proof-audience")                                             \
  X(key_proof_time,           "key-proof-time")                                                 \
  /* the licence, its lease and its live code */                                                \
  X(licence_shape,            "licence-shape")                                                  \
  X(licence_type,             "licence-type")             /* vct is not ours */                 \
  X(licence_not_yet_valid,    "licence-not-yet-valid")                                          \
  X(licence_expired,          "licence-expired")                                                \
  X(licence_incomplete,       "licence-incomplete")       /* a claim needed was not disclosed */\
  X(portrait_shape,           "portrait-shape")                                                 \
  X(status_code,              "status-code")              /* not a letter of the table */       \
  X(status_refused,           "status-refused")           /* the status forbids use */          \
  X(vehicle_class,            "vehicle-class")                                                  \
  X(lease_shape,              "lease-shape")                                                    \
  X(lease_not_yet_valid,      "lease-not-yet-valid")                                            \
  X(lease_expired,            "lease-expired")                                                  \
  X(lease_revoked,            "lease-revoked")                                                  \
  X(not_live,                 "not-live")                 /* no cnf or no label 11 */           \
  X(presentation_shape,       "presentation-shape")                                             \
  X(countersignature,         "countersignature")                                               \
  X(stale,                    "stale")                                                          \
  X(clock_ahead,              "clock-ahead")                                                    \
  X(holder_mismatch,          "holder-mismatch")          /* bound to another key than ours */  \
  X(lease_mismatch,           "lease-mismatch")           /* speaks of another licence */       \
  X(authority_time,           "authority-time")           /* signed before what came earlier */ \
  X(challenge_missing,        "challenge-missing")                                              \
  X(challenge_wrong,          "challenge-wrong")                                                \
  X(already_used,             "already-used")                                                   \
  X(receipt_shape,            "receipt-shape")                                                  \
  X(receipt_not_yet_valid,    "receipt-not-yet-valid")                                          \
  X(receipt_expired,          "receipt-expired")                                                \
  X(receipt_issuer,           "receipt-issuer")                                                 \
  X(receipt_audience,         "receipt-audience")                                               \
  X(receipt_question,         "receipt-question")         /* answers another class question */  \
  X(receipt_nonce,            "receipt-nonce")            /* answers another request */         \
  X(receipt_result,           "receipt-result")           /* the check it reports failed */     \
  X(receipt_answer,           "receipt-answer")           /* not what the code itself says */   \
  /* an inspector's check: its settings, its network */                                         \
  X(authority_origin,         "authority-origin")                                               \
  X(root_key,                 "root-key")                                                       \
  X(partner_key,              "partner-key")              /* none, or the authority's refusal */\
  X(transaction_nonce,        "transaction-nonce")                                              \
  X(confirmation_age,         "confirmation-age")                                               \
  X(trust_list_missing,       "trust-list-missing")       /* none at hand, none to be had */    \
  X(authority_unreachable,    "authority-unreachable")                                          \
  X(authority_busy,           "authority-busy")           /* too many checks at once */         \
  X(answer_shape,             "answer-shape")                                                   \
  /* between a page and its module */                                                           \
  X(message_shape,            "message-shape")
// clang-format on

enum class ErrorCode : std::uint8_t {
#define ELICENSE_ENUMERATOR(symbol, text) symbol,
  ELICENSE_ERROR_CODES(ELICENSE_ENUMERATOR)
#undef ELICENSE_ENUMERATOR
};

std::string_view error_name(ErrorCode code);
std::optional<ErrorCode> error_from_name(std::string_view name);

}  // namespace elicense
