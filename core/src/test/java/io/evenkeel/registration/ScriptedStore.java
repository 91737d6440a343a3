package io.evenkeel.registration;

import io.evenkeel.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A registry in memory whose leases run out in virtual time, and which fails as a test says. */
final class ScriptedStore implements LeaseStore {
  static final Duration TTL = Duration.ofSeconds(9);

  /** Everything that was asked, such as {@code write a}, also what then failed. */
  final List<String> calls = new ArrayList<>();

  private final LongSupplier ticker;
  private final Map<String, Entry> entries = new TreeMap<>();
  private final Map<Integer, Long> expiries = new TreeMap<>();
  private final Set<Integer> deregistered = new HashSet<>();
  private boolean down;
  private boolean losesAnswers;
  private boolean garbles;
  private boolean broken;
  private int leases;

  private record Entry(int lease, Endpoint endpoint) {}

  ScriptedStore(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** Every call fails from now on. */
  void goDown() {
    down = true;
  }

  /** Every call meets a fault of the program from now on, such as a class that is not there. */
  void breakDown() {
    broken = true;
  }

  void comeBack() {
    down = false;
    broken = false;
    losesAnswers = false;
  }

  /** Every call is obeyed from now on, and its answer lost. */
  void loseAnswers() {
    losesAnswers = true;
  }

  /** What is written is stored with another weight. */
  void garble() {
    garbles = true;
  }

  /** Forgets everything, as a registry does that is restarted empty. */
  void forgetAll() {
    entries.clear();
    expiries.clear();
  }

  /** Ends all leases, and with them what stands under them. */
  void revokeAll() {
    forgetAll();
  }

  /** Removes the entry of {@code id}; its lease lives on. */
  void remove(String id) {
    entries.remove(id);
  }

  /** Removes the entry of {@code id} as {@link Registrar#deregister} does. */
  void deregister(String id) {
    Entry removed = entries.remove(id);
    if (removed != null) {
      deregistered.add(removed.lease);
    }
  }

  /** Another process writes {@code endpoint}, and never goes away by itself. */
  void takeOver(Endpoint endpoint) {
    entries.put(endpoint.id(), new Entry(-1, endpoint));
  }

  /** What a reader sees. */
  List<Endpoint> listed() {
    expire();
    return entries.values().stream().map(Entry::endpoint).toList();
  }

  /** How many leases have not ended. */
  int leases() {
    expire();
    return expiries.size();
  }

  private void expire() {
    expiries.values().removeIf(expiry -> expiry <= ticker.getAsLong());
    entries.values().removeIf(each -> each.lease >= 0 && !expiries.containsKey(each.lease));
  }

  private interface Action {
    void run();
  }

  private void call(String what, Action action) throws RegistrationException {
    calls.add(what);
    if (broken) {
      throw new NoClassDefFoundError("a/class/of/the/client");
    }
    if (down) {
      throw new RegistrationException(this + " is down");
    }
    expire();
    action.run();
    if (losesAnswers) {
      throw new RegistrationException(this + " did not answer");
    }
  }

  @Override
  public Duration ttl() {
    return TTL;
  }

  @Override
  public Lease grant(String service, String id) throws RegistrationException {
    int lease = leases++;
    call("grant " + id, () -> extend(lease));
    return new ScriptedLease(lease, id);
  }

  private void extend(int lease) {
    expiries.put(lease, ticker.getAsLong() + TTL.toNanos());
  }

  @Override
  public String toString() {
    return "memory";
  }

  private final class ScriptedLease implements Lease {
    private final int number;
    private final String id;
    private @Nullable Entry seen;

    ScriptedLease(int number, String id) {
      this.number = number;
      this.id = id;
    }

    @Override
    public State renew() throws RegistrationException {
      call(
          "renew " + id,
          () -> {
            if (expiries.containsKey(number)) {
              extend(number);
            }
          });
      if (deregistered.contains(number)) {
        return State.DEREGISTERED;
      }
      return expiries.containsKey(number) ? State.ALIVE : State.LOST;
    }

    @Override
    public Standing look(Endpoint endpoint) throws RegistrationException {
      call("look " + id, () -> seen = entries.get(id));
      if (seen == null) {
        return deregistered.contains(number) ? Standing.DEREGISTERED : Standing.MISSING;
      }
      if (seen.lease != number) {
        return Standing.TAKEN;
      }
      return seen.endpoint.equals(endpoint) ? Standing.AS_WRITTEN : Standing.CHANGED;
    }

    @Override
    public void write(Endpoint endpoint, Claim claim) throws RegistrationException {
      call(
          "write " + id,
          () -> {
            if (claim == Claim.TAKE || Objects.equals(entries.get(id), seen)) {
              entries.put(id, new Entry(number, garbles ? endpoint.withWeight(99) : endpoint));
            }
          });
    }

    @Override
    public void release() throws RegistrationException {
      call(
          "release " + id,
          () -> {
            expiries.remove(number);
            expire();
          });
    }
  }
}
