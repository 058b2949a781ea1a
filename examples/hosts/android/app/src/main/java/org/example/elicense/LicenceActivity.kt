package org.example.elicense

import android.net.Uri
import android.os.Bundle
import android.util.Log
import android.view.View
import android.view.WindowManager
import android.webkit.RenderProcessGoneDetail
import android.webkit.WebResourceRequest
import android.webkit.WebResourceResponse
import android.webkit.WebSettings
import android.webkit.WebView
import android.webkit.WebViewClient
import android.widget.FrameLayout
import androidx.activity.ComponentActivity
import androidx.webkit.JavaScriptReplyProxy
import androidx.webkit.WebViewCompat
import androidx.webkit.WebViewFeature

/** The licence page, and nothing else, in a WebView. The code comes from the app's own service after the person check. */
class LicenceActivity : ComponentActivity() {
    private lateinit var view: WebView
    private lateinit var shade: View
    private var page: JavaScriptReplyProxy? = null
    private var code: String? = null
    private var covered = true

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        // No screenshot, no recording, no picture among the recent apps.
        window.setFlags(WindowManager.LayoutParams.FLAG_SECURE, WindowManager.LayoutParams.FLAG_SECURE)
        if (!WebViewFeature.isFeatureSupported(WebViewFeature.WEB_MESSAGE_LISTENER)) {
            finish() // without it there is no way to the page that frames of other origins do not have: WebView has to be updated
            return
        }
        code = CodeSource.take()
        WebView.setWebContentsDebuggingEnabled(false)
        view = WebView(this)
        shade = View(this).apply { setBackgroundColor(resources.getColor(R.color.ground, theme)) }
        view.settings.apply {
            javaScriptEnabled = true
            domStorageEnabled = true
            allowFileAccess = false
            allowContentAccess = false
            javaScriptCanOpenWindowsAutomatically = false
            setSupportMultipleWindows(false)
            setGeolocationEnabled(false)
            mixedContentMode = WebSettings.MIXED_CONTENT_NEVER_ALLOW
            safeBrowsingEnabled = true
        }
        view.webViewClient = OnlyOurPage()
        // The object eLicense is put into pages of our origin alone. A frame of that origin would have it, too: so only the top frame
        // is heard.
        WebViewCompat.addWebMessageListener(view, "eLicense", setOf(ORIGIN)) { _, message, source, isMainFrame, reply ->
            if (isMainFrame && originOf(source) == ORIGIN) hear(message.data, reply) else refuse("origin")
        }
        setContentView(FrameLayout(this).apply {
            addView(view)
            addView(shade)
        })
        view.loadUrl(PAGE)
    }

    // The shade is there at once; the canvas is blank when the page has answered. A window behind another, as the list of recent apps,
    // counts as covered, too.
    override fun onPause() {
        cover(true)
        super.onPause()
    }

    override fun onResume() {
        super.onResume()
        cover(false)
    }

    override fun onWindowFocusChanged(hasFocus: Boolean) {
        super.onWindowFocusChanged(hasFocus)
        cover(!hasFocus)
    }

    override fun onDestroy() {
        if (::view.isInitialized) view.destroy()
        super.onDestroy()
    }

    private fun cover(wanted: Boolean) {
        covered = wanted
        if (!::shade.isInitialized) return
        if (wanted) shade.visibility = View.VISIBLE
        page?.postMessage(HostMessages.cover(wanted))
    }

    private fun hear(text: String?, reply: JavaScriptReplyProxy) {
        val said = try {
            HostMessages.read(text)
        } catch (refused: HostMessages.Refused) {
            return refuse(refused.why)
        }
        when (said.event) {
            "ready" -> begin(reply)
            "cover" -> if (!covered && !said.detail.getBoolean("covered")) shade.visibility = View.GONE
            "sign" -> refuse("sign") // the page has a key of its own: none was offered
            "state-change" -> Log.i(TAG, said.detail.getString("state"))
            else -> Log.i(TAG, said.event)
        }
    }

    private fun begin(reply: JavaScriptReplyProxy) {
        page = reply // it is bound to the frame that has spoken
        reply.postMessage(HostMessages.cover(covered))
        reply.postMessage(HostMessages.set(AUTHORITY, ROOT_KEY))
        code?.let { reply.postMessage(HostMessages.code(it)) }
        code = null // good once
    }

    private fun refuse(why: String) {
        Log.w(TAG, "refused: $why")
    }

    private inner class OnlyOurPage : WebViewClient() {
        override fun shouldOverrideUrlLoading(view: WebView, request: WebResourceRequest): Boolean {
            val isOurs = originOf(request.url) == ORIGIN
            if (!isOurs) refuse("navigation")
            return !isOurs
        }

        // The other is not asked about every navigation, forms that are posted for instance.
        override fun shouldInterceptRequest(view: WebView, request: WebResourceRequest): WebResourceResponse? =
            if (request.isForMainFrame && originOf(request.url) != ORIGIN) WebResourceResponse("text/plain", "utf-8", null) else null

        override fun onRenderProcessGone(view: WebView, detail: RenderProcessGoneDetail): Boolean {
            page = null
            recreate()
            return true
        }
    }

    private companion object {
        const val TAG = "e-license"
        const val ORIGIN = "https://dl.example.org"
        const val PAGE = "$ORIGIN/app/licence.html"
        const val AUTHORITY = "https://dl.example.org"
        const val ROOT_KEY = "BASE64URL"

        fun originOf(url: Uri): String {
            val port = if (url.port == -1) "" else ":${url.port}"
            return "${url.scheme}://${url.host}$port"
        }
    }
}
