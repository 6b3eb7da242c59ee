import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Kafka's own clients, moved by lines of JSON: an order a line on standard input, one answer with its id to each on
 * standard output, `ok` or `error`. It decides nothing: settings, order and what an answer means are the caller's.
 * Orders of one client are begun one after the other, those of different clients side by side. The end of its input
 * ends it. Java 11 and Kafka 2.4 compile it.
 */
public final class JavaClients {
  private static final ObjectMapper json = new ObjectMapper();
  private static final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private static final Map<String, Client> clients = new ConcurrentHashMap<>();

  /** Something the order asks for; answers by itself where it returns null. */
  private interface Act {
    Object go() throws Exception;
  }

  private static final class Client {
    final ExecutorService thread = Executors.newSingleThreadExecutor(Client::daemon);
    KafkaProducer<String, String> producer;

    /** Nothing here outlives the reading of orders. */
    static Thread daemon(Runnable work) {
      Thread thread = new Thread(work);
      thread.setDaemon(true);
      return thread;
    }
  }

  public static void main(String[] none) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode order = json.readTree(line);
      Client client = clients.computeIfAbsent(order.get("client").asText(), name -> new Client());
      client.thread.execute(() -> answered(order, () -> carriedOut(client, order)));
    }
    Runtime.getRuntime().halt(0);
  }

  private static Object carriedOut(Client client, JsonNode order) {
    KafkaProducer<String, String> producer = client.producer;
    switch (order.get("do").asText()) {
      case "open":
        client.producer = new KafkaProducer<>(settings(order), new StringSerializer(), new StringSerializer());
        return true;
      case "init":
        producer.initTransactions();
        return true;
      case "begin":
        producer.beginTransaction();
        return true;
      case "send":
        send(producer, order);
        return null;
      case "commit":
        producer.commitTransaction();
        return true;
      case "abort":
        producer.abortTransaction();
        return true;
      case "close":
        if (producer != null) producer.close(Duration.ofMillis(order.get("withinMs").asLong()));
        client.producer = null;
        return true;
      case "read":
        return read(order);
      default:
        throw new IllegalArgumentException("no such order: " + order);
    }
  }

  private static void send(KafkaProducer<String, String> producer, JsonNode order) {
    int partition = order.get("partition").asInt();
    String value = order.get("value").asText();
    producer.send(
        new ProducerRecord<>(order.get("topic").asText(), partition, null, value),
        (where, error) ->
            answered(
                order,
                () -> {
                  if (error != null) throw error;
                  return where.offset();
                }));
  }

  /** Every partition from its first offset to its end: the last stable offset, once nothing above it is undecided. */
  private static ArrayNode read(JsonNode order) {
    long stableBy = in(order.get("stableMs").asLong());
    String topic = order.get("topic").asText();
    List<TopicPartition> partitions = new ArrayList<>();
    for (int i = 0; i < order.get("partitions").asInt(); i++) partitions.add(new TopicPartition(topic, i));
    try (KafkaConsumer<String, String> committed = consumer(order, "read_committed");
        KafkaConsumer<String, String> all = consumer(order, "read_uncommitted")) {
      Map<TopicPartition, Long> stable = committed.endOffsets(partitions);
      Map<TopicPartition, Long> high = all.endOffsets(partitions);
      // An abort by the coordinator moves both.
      while (!stable.equals(high) && System.nanoTime() < stableBy) {
        pause();
        stable = committed.endOffsets(partitions);
        high = all.endOffsets(partitions);
      }
      long readBy = in(order.get("readMs").asLong());
      committed.assign(partitions);
      committed.seekToBeginning(partitions);
      Map<Integer, ArrayNode> read = new TreeMap<>();
      for (TopicPartition each : partitions) read.put(each.partition(), json.createArrayNode());
      while (behind(committed, stable)) {
        if (System.nanoTime() > readBy) throw new TimeoutException("not read to these ends in time: " + stable);
        for (ConsumerRecord<String, String> each : committed.poll(Duration.ofMillis(100)))
          read.get(each.partition()).addArray().add(each.offset()).add(each.value());
      }
      ArrayNode logs = json.createArrayNode();
      for (TopicPartition each : partitions) {
        ObjectNode log = logs.addObject();
        log.put("partition", each.partition()).put("end", stable.get(each)).put("high", high.get(each));
        log.set("records", read.get(each.partition()));
      }
      return logs;
    }
  }

  private static long in(long ms) {
    return System.nanoTime() + ms * 1_000_000;
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException error) {
      throw new IllegalStateException(error);
    }
  }

  private static boolean behind(KafkaConsumer<String, String> consumer, Map<TopicPartition, Long> ends) {
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet())
      if (consumer.position(end.getKey()) < end.getValue()) return true;
    return false;
  }

  private static KafkaConsumer<String, String> consumer(JsonNode order, String isolation) {
    Map<String, Object> settings = settings(order);
    settings.put("isolation.level", isolation);
    return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
  }

  private static Map<String, Object> settings(JsonNode order) {
    Map<String, Object> settings = new TreeMap<>();
    order.get("settings").fields().forEachRemaining(each -> settings.put(each.getKey(), each.getValue().asText()));
    return settings;
  }

  private static void answered(JsonNode order, Act act) {
    ObjectNode answer = json.createObjectNode().put("id", order.get("id").asLong());
    try {
      Object value = act.go();
      if (value == null) return;
      answer.set("ok", json.valueToTree(value));
    } catch (Error fatal) {
      // Want of memory or of a class: nothing more is to be believed, and whoever asked sees the end.
      System.err.println(fatal);
      Runtime.getRuntime().halt(1);
    } catch (Exception error) {
      answer.putObject("error").put("name", error.getClass().getSimpleName()).put("words", String.valueOf(error.getMessage()));
    }
    out.println(answer);
  }
}
