import Foundation

/// The texts between the licence page and its app (docs/hosts.md). What the page says is taken apart as anything from outside is.
enum HostMessages {
    static let mostLetters = 16_384
    private static let type = "e-license"
    private static let version = 1

    /// What the page has said: `detail` has exactly the members of its event.
    struct Said {
        let event: String
        let detail: [String: Any]
    }

    /// Why a text was refused; it names nothing of the text.
    enum Refused: String, Error {
        case size, json, type, version, shape
    }

    private enum Kind {
        case text, textOrNull, integer, integerOrNull, boolean

        func fits(_ value: Any?) -> Bool {
            switch self {
            case .text: return value is String
            case .textOrNull: return value is String || value is NSNull
            case .integer: return Kind.isInteger(value)
            case .integerOrNull: return Kind.isInteger(value) || value is NSNull
            case .boolean: return Kind.isBoolean(value)
            }
        }

        // JSONSerialization has one class for numbers and for truth.
        private static func isBoolean(_ value: Any?) -> Bool {
            guard let number = value as? NSNumber else { return false }
            return CFGetTypeID(number) == CFBooleanGetTypeID()
        }

        private static func isInteger(_ value: Any?) -> Bool {
            guard let number = value as? NSNumber, !isBoolean(number) else { return false }
            return !CFNumberIsFloatType(number)
        }
    }

    private static let events: [String: [String: Kind]] = [
        "ready": [:],
        "state-change": ["state": .text, "error": .textOrNull, "words": .text],
        "checked": ["partner": .text, "origin": .text, "result": .text, "asked": .textOrNull, "echo": .integerOrNull, "at": .integer],
        "error": ["code": .text, "words": .text],
        "cover": ["covered": .boolean],
        "sign": ["id": .integer, "bytes": .text],
        "refused": ["why": .text],
    ]

    static func read(_ message: Any) throws -> Said {
        guard let text = message as? String else { throw Refused.type }
        guard text.utf8.count <= mostLetters else { throw Refused.size }
        guard let parsed = try? JSONSerialization.jsonObject(with: Data(text.utf8)) else { throw Refused.json }
        guard let object = parsed as? [String: Any] else { throw Refused.shape }
        guard object["type"] as? String == type else { throw Refused.type }
        guard Kind.integer.fits(object["version"]), object["version"] as? Int == version else { throw Refused.version }
        guard let event = object["event"] as? String, let members = events[event] else { throw Refused.shape }
        let names: Set<String> = members.isEmpty ? ["type", "version", "event"] : ["type", "version", "event", "detail"]
        guard Set(object.keys) == names else { throw Refused.shape }
        if members.isEmpty { return Said(event: event, detail: [:]) }
        guard let detail = object["detail"] as? [String: Any], Set(detail.keys) == Set(members.keys) else { throw Refused.shape }
        guard members.allSatisfy({ name, kind in kind.fits(detail[name]) }) else { throw Refused.shape }
        return Said(event: event, detail: detail)
    }

    private static func ask(_ what: String, _ more: [String: Any] = [:]) -> String {
        let message = more.merging(["type": type, "version": version, "ask": what]) { _, ours in ours }
        let data = try? JSONSerialization.data(withJSONObject: message)
        return data.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Whom to trust: what this app was built with.
    static func set(authority: String, rootKey: String) -> String {
        ask("set", ["settings": ["authority": authority, "root-key": rootKey]])
    }

    static func code(_ code: String) -> String { ask("code", ["code": code]) }

    static func cover(_ covered: Bool) -> String { ask(covered ? "cover" : "uncover") }
}
