package io.evenkeel.discovery.file;

import com.google.common.net.InetAddresses;
import io.evenkeel.Endpoint;
import io.evenkeel.config.ConfigReader;
import io.evenkeel.discovery.HostPort;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON object of one endpoint, the same in list files and instance files. */
final class EndpointJson {

  private EndpointJson() {}

  /**
   * Reads the endpoint's fields; unknown ones are left for the caller to report.
   *
   * @throws IllegalArgumentException naming the field that is wrong
   */
  static Endpoint read(ConfigReader fields) {
    List<SocketAddress> addresses = new ArrayList<>();
    String address = fields.stringValue("address", "");
    if (!address.isEmpty()) {
      addresses.add(HostPort.parse(address));
    }
    fields.stringList("addresses").forEach(each -> addresses.add(HostPort.parse(each)));
    if (addresses.isEmpty()) {
      throw fields.wrong("address", "", "host:port, such as 10.0.0.1:8080 or [::1]:8080");
    }
    Endpoint plain = Endpoint.of(addresses);
    return new Endpoint(
        fields.stringValue("id", plain.id()),
        addresses,
        fields.intValue("weight", Endpoint.DEFAULT_WEIGHT, 0, Endpoint.MAX_WEIGHT),
        fields.stringValue("zone", ""),
        fields.intValue("priority", 0, 0, Integer.MAX_VALUE),
        fields.stringMap("metadata"));
  }

  /** What {@link #read} reads; fields with their default are left out. */
  static Map<String, Object> write(Endpoint endpoint) {
    Map<String, Object> fields = new LinkedHashMap<>();
    List<String> addresses =
        endpoint.addresses().stream().map(address -> text((InetSocketAddress) address)).toList();
    fields.put("id", endpoint.id());
    if (addresses.size() == 1) {
      fields.put("address", addresses.get(0));
    } else {
      fields.put("addresses", addresses);
    }
    if (endpoint.weight() != Endpoint.DEFAULT_WEIGHT) {
      fields.put("weight", endpoint.weight());
    }
    if (!endpoint.zone().isEmpty()) {
      fields.put("zone", endpoint.zone());
    }
    if (endpoint.priority() != 0) {
      fields.put("priority", endpoint.priority());
    }
    if (!endpoint.metadata().isEmpty()) {
      fields.put("metadata", endpoint.metadata());
    }
    return fields;
  }

  /** The very address, where it is known: its host name may have others that do not listen. */
  private static String text(InetSocketAddress address) {
    return address.isUnresolved()
        ? HostPort.format(address)
        : HostPort.format(
            InetSocketAddress.createUnresolved(
                InetAddresses.toAddrString(address.getAddress()), address.getPort()));
  }
}
