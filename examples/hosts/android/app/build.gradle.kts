plugins {
    id("com.android.application") version "8.5.0"
    id("org.jetbrains.kotlin.android") version "2.0.0"
}

android {
    namespace = "org.example.elicense"
    compileSdk = 34
    defaultConfig {
        applicationId = "org.example.elicense"
        minSdk = 26
        targetSdk = 34
        versionCode = 1
        versionName = "1"
    }
}

kotlin { jvmToolchain(17) }

dependencies {
    implementation("androidx.activity:activity-ktx:1.9.0")
    implementation("androidx.webkit:webkit:1.11.0")
}
