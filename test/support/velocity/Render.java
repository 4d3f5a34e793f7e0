import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;

/**
 * Renders mapping templates of API Gateway by Apache Velocity itself. What API Gateway puts in, it cannot know: $input looks
 * its answers up in what it is given. Cases come on standard input and answers go to standard output; a text is its
 * length in bytes and its bytes in UTF-8, a map is its size, its keys and its values.
 */
public final class Render {
  public static void main(String[] args) throws Exception {
    DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
    VelocityEngine engine = new VelocityEngine();
    engine.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
    engine.setProperty("directive.foreach.maxloops", 1000);
    engine.init();
    for (int left = in.readInt(); left > 0; left--) {
      String template = text(in);
      Map<String, Object> context = new HashMap<>();
      Map<String, Object> override = new HashMap<>();
      context.put("responseOverride", override);
      VelocityContext velocity = new VelocityContext();
      velocity.put("input", new Input(text(in), texts(in), texts(in), values(in)));
      velocity.put("util", new Util());
      velocity.put("context", context);
      StringWriter writer = new StringWriter();
      engine.evaluate(velocity, writer, "template", template);
      write(out, writer.toString());
      write(out, String.valueOf(override.getOrDefault("status", "")));
    }
    out.flush();
  }

  private static String text(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Map<String, String> texts(DataInputStream in) throws IOException {
    Map<String, String> map = new LinkedHashMap<>();
    for (int left = in.readInt(); left > 0; left--) map.put(text(in), text(in));
    return map;
  }

  /** A value is a text, a whole number, or an object of texts. */
  private static Map<String, Object> values(DataInputStream in) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      String path = text(in);
      String kind = text(in);
      if (kind.equals("object")) map.put(path, texts(in));
      else map.put(path, kind.equals("number") ? (Object) Integer.valueOf(text(in)) : text(in));
    }
    return map;
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** $input */
  public static final class Input {
    private final String body;
    private final Map<String, Map<String, String>> params = new HashMap<>();
    private final Map<String, String> json;
    private final Map<String, Object> values;

    Input(String body, Map<String, String> headers, Map<String, String> json, Map<String, Object> values) {
      this.body = body;
      this.params.put("header", headers);
      this.json = json;
      this.values = values;
    }

    public String getBody() {
      return body;
    }

    public Map<String, Map<String, String>> params() {
      return params;
    }

    public String json(String path) {
      return known(json, path);
    }

    public Object path(String path) {
      return known(values, path);
    }

    private static <T> T known(Map<String, T> all, String path) {
      T value = all.get(path);
      if (value == null) throw new IllegalArgumentException("the case says nothing of the path " + path);
      return value;
    }
  }

  /** $util, by the library that API Gateway's own escapes are those of. */
  public static final class Util {
    public String escapeJavaScript(String text) {
      return StringEscapeUtils.escapeJavaScript(text);
    }

    public String base64Encode(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
