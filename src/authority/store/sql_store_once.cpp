// What may be used once (nonces, proof ids, codes shown) and what may be used so often (rate limits). Each is decided
// by one statement: whoever comes second waits for the first to commit and then finds the row.
#include "authority/store/sql_store.h"

namespace elicense::authority {
namespace {

Stored<bool> take(SqlConnection& writer, const SecretDigest& nonce, UnixTime now) {
  ELICENSE_TRY(const std::int64_t rows,
               changes_of(SqlQuery(writer, "delete from nonces where digest = $1 and expires > $2", nonce, now)));
  return rows == 1;
}

Stored<Spend> use_proof(SqlConnection& writer, const Sha256Digest& digest, UnixTime now, UnixTime until) {
  SqlQuery query(writer,
                 "insert into proof_ids (digest, expires) values ($1, $3) "
                 "on conflict (digest) do update set expires = excluded.expires "
                 "where proof_ids.expires <= $2",
                 digest, now, until);
  ELICENSE_CHECK(query.run());
  return query.changes() == 1 ? Spend::first : Spend::again;
}

Stored<RateAnswer> count(SqlConnection& writer, std::string_view key, const RateLimit& limit, UnixTime now) {
  // A count that is over the limit stands still: it cannot wrap, whatever is thrown at it.
  SqlQuery query(writer,
                 "insert into rate_counters (key, started, requests, expires) values ($1, $2, 1, $3) "
                 "on conflict (key) do update set "
                 "started = case when rate_counters.expires <= $2 then $2 else rate_counters.started end, "
                 "requests = case when rate_counters.expires <= $2 then 1 "
                 "when rate_counters.requests > $4 then rate_counters.requests else rate_counters.requests + 1 end, "
                 "expires = case when rate_counters.expires <= $2 then $3 else rate_counters.expires end "
                 "returning requests, expires",
                 sha256(view_of(key)), now, now + limit.seconds, limit.requests);
  ELICENSE_TRY(const bool found, query.next());
  if (!found) return StoreError::corrupt;
  const RateAnswer answer = rate_answer(query.integer(0), query.time(1), limit, now);
  ELICENSE_CHECK(query.run());
  return answer;
}

}  // namespace

StoreStatus SqlStore::put_nonce(const SecretDigest& nonce, UnixTime expires) {
  return write(Durability::quick, [&](SqlTransaction& writer) {
    SqlQuery query(writer, "insert into nonces (digest, expires) values ($1, $2)", nonce, expires);
    return query.run();
  });
}

Stored<bool> SqlStore::take_nonce(const SecretDigest& nonce, UnixTime now) {
  return write(Durability::quick, [&](SqlTransaction& writer) { return take(writer, nonce, now); });
}

Stored<Spend> SqlStore::use_proof_id(std::string_view key_thumbprint, std::string_view jti, UnixTime now,
                                     UnixTime until) {
  const Sha256Digest digest = proof_id_digest(key_thumbprint, jti);
  return write(Durability::quick, [&](SqlTransaction& writer) { return use_proof(writer, digest, now, until); });
}

Stored<AdmissionAnswer> SqlStore::admit_request(const PhoneRequest& request, UnixTime now) {
  const Sha256Digest digest = proof_id_digest(request.key_thumbprint, request.proof_id);
  return write(Durability::quick, [&](SqlTransaction& writer) {
    return admit_by(
        request, [&](std::string_view key) { return count(writer, key, request.limit, now); },
        [&] { return use_proof(writer, digest, now, request.proof_until); },
        [&](const SecretDigest& nonce) { return take(writer, nonce, now); });
  });
}

Stored<Spend> SqlStore::spend(SqlConnection& writer, const SpentCode& code, UnixTime until) {
  SqlQuery query(writer,
                 "insert into spent_codes (lease, presented, expires) values ($1, $2, $3) "
                 "on conflict (lease, presented) do nothing",
                 code.lease, code.presented, until);
  ELICENSE_CHECK(query.run());
  return query.changes() == 1 ? Spend::first : Spend::again;
}

Stored<Spend> SqlStore::spend_code(const SpentCode& code, UnixTime /*now*/, UnixTime until) {
  return write(Durability::durable, [&](SqlTransaction& writer) { return spend(writer, code, until); });
}

Stored<RateAnswer> SqlStore::count_request(std::string_view key, const RateLimit& limit, UnixTime now) {
  return write(Durability::quick, [&](SqlTransaction& writer) { return count(writer, key, limit, now); });
}

}  // namespace elicense::authority
