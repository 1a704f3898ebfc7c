// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.runtime.api.InvalidRequestException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A cluster by Hazelcast, which is in the full distribution only. Nodes are named, never looked
/// for: nothing is sent by multicast.
final class HazelcastCluster implements Cluster {
  private static final Logger LOG = LoggerFactory.getLogger(HazelcastCluster.class);
  private static final String NAME = "alcedo";

  /// What Vert.x calls the name of a node.
  private static final String NODE_ID = "__vertx.nodeId";

  private static final int CLOSE_SECONDS_MAX = 10;

  /// Copies of the registrations, so that so many nodes may die at once.
  private static final int BACKUP_COUNT = 2;

  private final HazelcastInstance hazelcast;
  private final Vertx vertx;
  private final String frontId;

  private HazelcastCluster(HazelcastInstance hazelcast, Vertx vertx) {
    this.hazelcast = hazelcast;
    this.vertx = vertx;
    this.frontId = id(members().getFirst()); // the oldest: nobody else begins a cluster
  }

  /// See [Clusters#join(ClusterOptions)].
  static Cluster join(ClusterOptions options) {
    HazelcastInstance hazelcast = start(options);
    try {
      return new HazelcastCluster(hazelcast, openBus(options, hazelcast));
    } catch (RuntimeException e) {
      hazelcast.getLifecycleService().terminate();
      throw e;
    }
  }

  private static HazelcastInstance start(ClusterOptions options) {
    try {
      return Hazelcast.newHazelcastInstance(config(options));
    } catch (RuntimeException e) { // of many kinds
      LOG.debug("Hazelcast did not start", e);
      String front = options.front();
      throw new InvalidRequestException(
          front == null
              ? "cluster: cannot listen on %s, port %d: %s"
                  .formatted(options.host(), options.port(), e.getMessage())
              : "cluster: there is no front node at %s: %s".formatted(front, e.getMessage()),
          e);
    }
  }

  private static Config config(ClusterOptions options) {
    var config = new Config().setClusterName(NAME);
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.partition.count", "31"); // as many as some nodes can use
    var network = config.getNetworkConfig();
    network.setPort(options.port()).setPortAutoIncrement(false).setPublicAddress(null);
    network.getInterfaces().setEnabled(true).addInterface(options.host());
    var join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true);
    String front = options.front();
    if (front != null) {
      join.getTcpIpConfig().addMember(front).setRequiredMember(front);
    }
    config.getMemberAttributeConfig().setAttribute(NODE_ID, UUID.randomUUID().toString());
    config.getJetConfig().setEnabled(false);
    config.getMetricsConfig().setEnabled(false);
    // Vert.x's own: who listens where.
    config.addMultiMapConfig(
        new MultiMapConfig("__vertx.subs")
            .setBackupCount(BACKUP_COUNT)
            .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
    config.getMapConfig("__vertx.haInfo").setBackupCount(BACKUP_COUNT);
    config.getMapConfig("__vertx.nodeInfo").setBackupCount(BACKUP_COUNT);
    // Whoever reaches the port can send objects; none is made that is not the cluster's own.
    var filter = new JavaSerializationFilterConfig();
    filter.getWhitelist().addPrefixes("com.hazelcast.", "io.vertx.", "java.lang.", "java.util.");
    config.getSerializationConfig().setJavaSerializationFilterConfig(filter);
    return config;
  }

  private static Vertx openBus(ClusterOptions options, HazelcastInstance hazelcast) {
    VertxOptions busOptions =
        LocalEngine.busOptions()
            .setEventBusOptions(
                new EventBusOptions().setHost(options.host()).setClusterPublicHost(options.host()));
    try {
      return Vertx.builder()
          .with(busOptions)
          .withClusterManager(new HazelcastClusterManager(hazelcast))
          .buildClustered()
          .toCompletionStage()
          .toCompletableFuture()
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InvalidRequestException("interrupted while joining the cluster", e);
    } catch (ExecutionException e) {
      throw new InvalidRequestException(
          "cluster: no event bus on %s: %s".formatted(options.host(), e.getCause().getMessage()),
          e);
    }
  }

  @Override
  public Vertx vertx() {
    return vertx;
  }

  @Override
  public String nodeId() {
    return id(hazelcast.getCluster().getLocalMember());
  }

  private static String id(Member member) {
    return member.getAttribute(NODE_ID);
  }

  private List<Member> members() {
    return List.copyOf(hazelcast.getCluster().getMembers());
  }

  @Override
  public boolean isHere(String nodeId) {
    return members().stream().anyMatch(member -> id(member).equals(nodeId));
  }

  @Override
  public boolean isFrontHere() {
    return isHere(frontId);
  }

  @Override
  public void onLeave(Consumer<String> listener) {
    hazelcast
        .getCluster()
        .addMembershipListener(
            new MembershipListener() {
              @Override
              public void memberAdded(MembershipEvent event) {}

              @Override
              public void memberRemoved(MembershipEvent event) {
                listener.accept(id(event.getMember()));
              }
            });
  }

  @Override
  public void close() {
    try {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .get(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("the bus did not close", e);
    }
    hazelcast.shutdown();
  }
}
