package net.lbd.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import org.yaml.snakeyaml.Yaml;

/** A real Chromium without a window, driven by chromedriver in the W3C's WebDriver protocol. Used by one thread. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process driver;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String sessions;
    private String session = "";

    private Browser(Process driver, int port) {
        this.driver = driver;
        this.sessions = "http://127.0.0.1:" + port + "/session";
    }

    /** Skips the test where there is no Chromium. */
    static Browser open(Path dir, int width, int height) throws IOException, InterruptedException {
        assumeTrue(SourceTree.program("chromedriver").isPresent(), "chromedriver is not installed; on Debian: apt-get install chromium chromium-driver");
        int port = Ports.free();
        Process driver = new ProcessBuilder("chromedriver", "--port=" + port).redirectErrorStream(true).redirectOutput(dir.resolve("chromedriver.out").toFile()).start();
        Browser browser = new Browser(driver, port);
        try {
            Await.until("chromedriver to listen", PATIENCE, () -> Ports.isListening(port));
            Map<?, ?> opened = (Map<?, ?>) browser.ask("POST", browser.sessions, """
                    {"capabilities":{"alwaysMatch":{"browserName":"chrome","goog:chromeOptions":{"args":["--headless=new","--no-sandbox","--disable-gpu",\
                    "--disable-dev-shm-usage","--hide-scrollbars","--window-size=%d,%d"]}}}}""".formatted(width, height));
            browser.session = browser.sessions + "/" + opened.get("sessionId");
            return browser;
        } catch (IOException | RuntimeException | Error e) {
            browser.close();
            throw e;
        }
    }

    private Object ask(String method, String url, String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).header("Content-Type", "application/json")
                .method(method, json.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json)).build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError(method + " " + url + ": " + answer.body());
        }
        return ((Map<?, ?>) new Yaml().load(answer.body())).get("value");
    }

    void go(String url) throws IOException, InterruptedException {
        ask("POST", session + "/url", "{\"url\":\"" + url + "\"}");
    }

    /** What a script returns; in its text are no double quotes and no line ends. */
    String script(String text) throws IOException, InterruptedException {
        return String.valueOf(ask("POST", session + "/execute/sync", "{\"script\":\"" + text + "\",\"args\":[]}"));
    }

    void screenshot(Path file) throws IOException, InterruptedException {
        Files.write(file, Base64.getDecoder().decode(String.valueOf(ask("GET", session + "/screenshot", ""))));
    }

    @Override
    public void close() {
        try {
            if (!session.isEmpty()) {
                ask("DELETE", session, "");
            }
        } catch (IOException | InterruptedException | AssertionError e) {
            // It ends with its driver.
            session = "";
        } finally {
            driver.destroy();
            try {
                if (!driver.waitFor(10, TimeUnit.SECONDS)) {
                    driver.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
