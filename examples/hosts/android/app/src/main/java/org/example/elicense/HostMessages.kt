package org.example.elicense

import org.json.JSONException
import org.json.JSONObject

/** The texts between the licence page and its app (docs/hosts.md). What the page says is taken apart as anything from outside is. */
object HostMessages {
    private const val TYPE = "e-license"
    private const val VERSION = 1
    const val MOST_LETTERS = 16_384

    /** What the page has said: `detail` has exactly the members of its event. */
    class Said(val event: String, val detail: JSONObject)

    /** Why a text was refused; it names nothing of the text. */
    class Refused(val why: String) : Exception(why)

    private val text: (Any?) -> Boolean = { it is String }
    private val textOrNull: (Any?) -> Boolean = { it is String || it == JSONObject.NULL }
    private val integer: (Any?) -> Boolean = { it is Int || it is Long }
    private val integerOrNull: (Any?) -> Boolean = { integer(it) || it == JSONObject.NULL }
    private val boolean: (Any?) -> Boolean = { it is Boolean }

    private val events: Map<String, Map<String, (Any?) -> Boolean>> = mapOf(
        "ready" to emptyMap(),
        "state-change" to mapOf("state" to text, "error" to textOrNull, "words" to text),
        "checked" to mapOf(
            "partner" to text, "origin" to text, "result" to text, "asked" to textOrNull, "echo" to integerOrNull, "at" to integer
        ),
        "error" to mapOf("code" to text, "words" to text),
        "cover" to mapOf("covered" to boolean),
        "sign" to mapOf("id" to integer, "bytes" to text),
        "refused" to mapOf("why" to text)
    )

    fun read(message: String?): Said {
        if (message == null) throw Refused("type")
        if (message.length > MOST_LETTERS) throw Refused("size")
        val parsed = try {
            JSONObject(message)
        } catch (error: JSONException) {
            throw Refused("json")
        } catch (error: StackOverflowError) {
            throw Refused("json") // nested without end: the platform's reader has no limit of its own
        }
        if (parsed.opt("type") != TYPE) throw Refused("type")
        if (parsed.opt("version") != VERSION) throw Refused("version")
        val event = parsed.opt("event") as? String ?: throw Refused("shape")
        val members = events[event] ?: throw Refused("shape")
        val names = setOf("type", "version", "event") + (if (members.isEmpty()) emptySet() else setOf("detail"))
        if (parsed.keys().asSequence().toSet() != names) throw Refused("shape")
        if (members.isEmpty()) return Said(event, JSONObject())
        val detail = parsed.opt("detail") as? JSONObject ?: throw Refused("shape")
        val fits = detail.keys().asSequence().toSet() == members.keys && members.all { (name, isRight) -> isRight(detail.opt(name)) }
        if (!fits) throw Refused("shape")
        return Said(event, detail)
    }

    private fun ask(what: String): JSONObject = JSONObject().put("type", TYPE).put("version", VERSION).put("ask", what)

    /** Whom to trust: what this app was built with. */
    fun set(authority: String, rootKey: String): String =
        ask("set").put("settings", JSONObject().put("authority", authority).put("root-key", rootKey)).toString()

    fun code(code: String): String = ask("code").put("code", code).toString()

    fun cover(covered: Boolean): String = ask(if (covered) "cover" else "uncover").toString()
}
