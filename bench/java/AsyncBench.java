import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * The Java client's side of the benchmark: asynchronous calls, each callback issues the next one.
 * Every line of standard input is a round, "host:port get|set sessions outstanding milliseconds"; every round answers
 * with one line of JSON: {"ops", "elapsedMs", "cpuMs"}.
 */
public final class AsyncBench {
    private static final String PATH = "/bench";
    private static final byte[] VALUE = "v".repeat(64).getBytes(StandardCharsets.UTF_8);

    public static void main(String[] arguments) throws Exception {
        BufferedReader rounds = new BufferedReader(new InputStreamReader(System.in));
        for (String line = rounds.readLine(); line != null; line = rounds.readLine()) {
            String[] words = line.trim().split(" ");
            round(words[0], words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]), Long.parseLong(words[4]));
        }
        System.exit(0);
    }

    private static void round(String server, String operation, int sessions, int outstanding, long ms) throws Exception {
        ZooKeeper[] clients = new ZooKeeper[sessions];
        for (int i = 0; i < sessions; i++) clients[i] = connect(server);
        createNode(clients[0]);
        AtomicLong done = new AtomicLong();
        CountDownLatch idle = new CountDownLatch(sessions * outstanding);
        long cpuBefore = cpuNs();
        long start = System.nanoTime();
        long end = start + ms * 1_000_000;
        for (ZooKeeper client : clients) {
            for (int i = 0; i < outstanding; i++) loop(client, operation, end, done, idle);
        }
        idle.await();
        long elapsed = System.nanoTime() - start;
        long cpu = cpuNs() - cpuBefore;
        for (ZooKeeper client : clients) client.close();
        System.out.printf("{\"ops\":%d,\"elapsedMs\":%.3f,\"cpuMs\":%.3f}%n", done.get(), elapsed / 1e6, cpu / 1e6);
        System.out.flush();
    }

    private static void loop(ZooKeeper client, String operation, long end, AtomicLong done, CountDownLatch idle) {
        if (operation.equals("get")) {
            AsyncCallback.DataCallback[] next = new AsyncCallback.DataCallback[1];
            next[0] = (code, path, context, data, stat) -> {
                check(code);
                done.incrementAndGet();
                if (System.nanoTime() < end) client.getData(PATH, false, next[0], null);
                else idle.countDown();
            };
            client.getData(PATH, false, next[0], null);
        } else {
            AsyncCallback.StatCallback[] next = new AsyncCallback.StatCallback[1];
            next[0] = (code, path, context, stat) -> {
                check(code);
                done.incrementAndGet();
                if (System.nanoTime() < end) client.setData(PATH, VALUE, -1, next[0], null);
                else idle.countDown();
            };
            client.setData(PATH, VALUE, -1, next[0], null);
        }
    }

    private static ZooKeeper connect(String server) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(server, 10_000, event -> {
            if (event.getState() == KeeperState.SyncConnected) connected.countDown();
        });
        connected.await();
        return client;
    }

    private static void createNode(ZooKeeper client) throws Exception {
        try {
            client.create(PATH, VALUE, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        } catch (KeeperException.NodeExistsException exists) {
            client.setData(PATH, VALUE, -1);
        }
    }

    private static void check(int code) {
        if (code == 0) return;
        System.err.println("an operation failed: " + KeeperException.Code.get(code));
        System.exit(1);
    }

    private static long cpuNs() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
