package org.example.elicense

import java.util.concurrent.atomic.AtomicReference

/**
 * Where the app's sign-in leaves the pre-authorized code that its own service has had from the authority after the person check:
 * in memory, never in an Intent, a URL or a log.
 */
object CodeSource {
    private val code = AtomicReference<String?>()

    fun put(value: String) = code.set(value)

    /** Good once. */
    fun take(): String? = code.getAndSet(null)
}
