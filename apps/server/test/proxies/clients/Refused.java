import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;

/** Sends uploads one after the other with one client and prints a line each: the status, or what happened instead. */
public class Refused {
  public static void main(String[] words) throws Exception {
    String origin = words[0], key = words[1], how = words[2];
    HttpClient.Builder builder = HttpClient.newBuilder();
    // As it comes it asks to upgrade to HTTP/2.
    if (how.equals("http1")) builder.version(HttpClient.Version.HTTP_1_1);
    HttpClient client = builder.build();
    for (String upload : Arrays.copyOfRange(words, 3, words.length)) {
      String[] parts = upload.split("\\|");
      HttpRequest request = HttpRequest.newBuilder(URI.create(origin + parts[0]))
          .header("content-type", parts[1])
          .header("x-api-key", key)
          .timeout(Duration.ofSeconds(20))
          .POST(BodyPublishers.ofByteArray(new byte[Integer.parseInt(parts[2])]))
          .build();
      try {
        System.out.println(client.send(request, BodyHandlers.ofString()).statusCode());
      } catch (Exception error) {
        System.out.println(error.toString().replace("\n", " "));
      }
    }
    System.exit(0);
  }
}
