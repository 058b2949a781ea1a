import UIKit
import WebKit
import os

/// The licence page, and nothing else, in a web view. The code comes from the app's own service after the person check.
final class LicenceViewController: UIViewController {
    private static let origin = "https://dl.example.org"
    private static let page = URL(string: origin + "/app/licence.html")!
    private static let authority = "https://dl.example.org"
    private static let rootKey = "BASE64URL"
    private static let log = Logger(subsystem: "org.example.elicense", category: "host")

    // What is registered in this world no page can see (examples/hosts/webkit/relay.js).
    private static let world = WKContentWorld.world(name: "e-license")
    private static let handler = "eLicense"

    private var code: String?
    private var web: WKWebView!
    private let shade = UIView()
    private var isReady = false
    private var isCovered = false

    init(code: String?) {
        self.code = code
        super.init(nibName: nil, bundle: nil)
    }

    @available(*, unavailable)
    required init?(coder: NSCoder) { fatalError("made in code") }

    override func viewDidLoad() {
        super.viewDidLoad()
        guard let file = Bundle.main.url(forResource: "relay", withExtension: "js"), let relay = try? String(contentsOf: file, encoding: .utf8) else {
            fatalError("relay.js is part of the app")
        }
        let configuration = WKWebViewConfiguration()
        configuration.limitsNavigationsToAppBoundDomains = true // WKAppBoundDomains in Info.plist names our host alone
        configuration.preferences.javaScriptCanOpenWindowsAutomatically = false
        configuration.userContentController.add(Messenger(self), contentWorld: Self.world, name: Self.handler)
        configuration.userContentController.addUserScript(WKUserScript(
            source: relay + "relay(\"\(Self.origin)\");\n", injectionTime: .atDocumentStart, forMainFrameOnly: true, in: Self.world))
        web = WKWebView(frame: view.bounds, configuration: configuration)
        web.autoresizingMask = [.flexibleWidth, .flexibleHeight]
        web.navigationDelegate = self
        web.allowsLinkPreview = false
        view.addSubview(web)
        shade.backgroundColor = UIColor(red: 0.933, green: 0.953, blue: 0.945, alpha: 1)
        shade.frame = view.bounds
        shade.autoresizingMask = [.flexibleWidth, .flexibleHeight]
        shade.isHidden = true
        view.addSubview(shade)

        let center = NotificationCenter.default
        // Before the system takes its picture for the app switcher.
        center.addObserver(self, selector: #selector(lookAway), name: UIApplication.willResignActiveNotification, object: nil)
        center.addObserver(self, selector: #selector(lookAgain), name: UIApplication.didBecomeActiveNotification, object: nil)
        // While the screen is recorded or shown elsewhere.
        center.addObserver(self, selector: #selector(lookAgain), name: UIScreen.capturedDidChangeNotification, object: nil)
        web.load(URLRequest(url: Self.page))
    }

    @objc private func lookAway() { cover(true) }

    @objc private func lookAgain() {
        cover(UIScreen.main.isCaptured || UIApplication.shared.applicationState != .active)
    }

    private func cover(_ covered: Bool) {
        isCovered = covered
        if covered { shade.isHidden = false }
        tell(HostMessages.cover(covered))
    }

    fileprivate func hear(_ message: WKScriptMessage) {
        guard message.frameInfo.isMainFrame, message.world == Self.world, Self.isOurs(message.frameInfo.securityOrigin) else {
            return refuse("origin")
        }
        do {
            let said = try HostMessages.read(message.body)
            switch said.event {
            case "ready": begin()
            case "cover": shade.isHidden = !isCovered && said.detail["covered"] as? Bool == false
            case "sign": refuse("sign") // the page has a key of its own: none was offered
            case "state-change": Self.log.info("\(said.detail["state"] as? String ?? "", privacy: .public)")
            default: Self.log.info("\(said.event, privacy: .public)")
            }
        } catch {
            refuse((error as? HostMessages.Refused)?.rawValue ?? "json")
        }
    }

    private func begin() {
        isReady = true
        tell(HostMessages.cover(isCovered))
        tell(HostMessages.set(authority: Self.authority, rootKey: Self.rootKey))
        if let code { tell(HostMessages.code(code)) }
        code = nil // good once
    }

    // Into the relay's world, where there is somebody to hear it on our page alone; never as part of a script's text.
    private func tell(_ text: String) {
        guard isReady else { return }
        web.callAsyncJavaScript("return hear(text);", arguments: ["text": text], in: nil, in: Self.world) { result in
            if case .failure = result { Self.log.warning("not taken") }
        }
    }

    private func refuse(_ why: String) { Self.log.warning("refused: \(why, privacy: .public)") }

    private static func isOurs(_ origin: WKSecurityOrigin) -> Bool {
        let port = origin.port == 0 ? "" : ":\(origin.port)"
        return "\(origin.protocol)://\(origin.host)\(port)" == Self.origin
    }

    private static func isOurs(_ url: URL?) -> Bool {
        guard let url, let scheme = url.scheme, let host = url.host else { return false }
        let port = url.port.map { ":\($0)" } ?? ""
        return "\(scheme)://\(host)\(port)" == origin
    }
}

extension LicenceViewController: WKNavigationDelegate {
    func webView(_ webView: WKWebView, decidePolicyFor action: WKNavigationAction, decisionHandler: @escaping (WKNavigationActionPolicy) -> Void) {
        let isAllowed = Self.isOurs(action.request.url) && action.targetFrame != nil // nil: a new window
        if !isAllowed { refuse("navigation") }
        decisionHandler(isAllowed ? .allow : .cancel)
    }

    func webView(_ webView: WKWebView, didCommit navigation: WKNavigation!) { isReady = false }

    func webViewWebContentProcessDidTerminate(_ webView: WKWebView) {
        isReady = false
        webView.reload()
    }
}

/// The controller of scripts keeps who it tells; this keeps it from keeping the view.
private final class Messenger: NSObject, WKScriptMessageHandler {
    private weak var target: LicenceViewController?

    init(_ target: LicenceViewController) { self.target = target }

    func userContentController(_ controller: WKUserContentController, didReceive message: WKScriptMessage) { target?.hear(message) }
}
