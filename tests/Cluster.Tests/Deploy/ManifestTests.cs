using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Settlement.Gateway;
using Settlement.Ledger;
using Settlement.Silo;
using Settlement.Telemetry;

namespace Settlement.Cluster.Tests.Deploy;

/// <summary>
/// What <c>deploy/</c> names exists: options, ports, probes, secrets. No cluster is needed; the manifests are read as files.
/// </summary>
public sealed partial class ManifestTests
{
    private static readonly Dictionary<string, Type?> Sections = new()
    {
        ["Ledger"] = typeof(LedgerOptions), ["Gateway"] = typeof(GatewayOptions), ["Cluster"] = typeof(ClusterSettings),
        ["Telemetry"] = typeof(TelemetryOptions), ["Visits"] = typeof(VisitOptions), ["Policies"] = null,
    };

    private static readonly string[] Probes = ["/health/live", "/health/ready"];

    [Fact]
    public void Every_option_that_is_set_somewhere_exists()
    {
        string[] unknown = [.. DeployFolder.Files("*")
            .SelectMany(file => OptionName().Matches(File.ReadAllText(file))
                .Select(match => (File: Path.GetFileName(file), Name: match.Value)))
            .Where(use => !Exists(use.Name.Split("__")))
            .Select(use => $"{use.File}: {use.Name}")
            .Distinct()];

        Assert.Empty(unknown);
    }

    [Fact]
    public void Every_option_has_a_line_in_the_table_of_options()
    {
        string table = DeployFolder.Read("README.md");

        Assert.Empty(Sections.Where(section => section.Value is not null)
            .SelectMany(section => section.Value!.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.CanWrite)
                .SelectMany(property => property.PropertyType.IsClass && property.PropertyType.Assembly == section.Value.Assembly
                    ? property.PropertyType.GetProperties().Where(inner => inner.CanWrite)
                        .Select(inner => $"{section.Key}__{property.Name}__{inner.Name}")
                    : [$"{section.Key}__{property.Name}"]))
            .Where(name => !table.Contains($"`{name}`")));
    }

    [Fact]
    public void All_yaml_is_yaml()
    {
        foreach (string file in DeployFolder.Files("*.yaml")) Assert.NotEmpty(DeployFolder.YamlText(File.ReadAllText(file)));
    }

    [Fact]
    public void The_silos_ports_and_probes_are_the_products()
    {
        Node pod = Silo["spec"]["template"]["spec"];
        Node container = Assert.Single(pod["containers"].Items);
        ClusterSettings cluster = new();
        Dictionary<string, string> ports = container["ports"]
            .Items.ToDictionary(port => port["name"].Text, port => port["containerPort"].Text);

        Assert.Equal($"{cluster.SiloPort}", ports["silo"]);
        Assert.Equal($"{cluster.GatewayPort}", ports["clients"]);
        Assert.Equal(PortOf(new GatewayOptions().GrpcAddress), ports["grpc"]);
        Assert.Equal(PortOf(new GatewayOptions().HttpAddress), ports["http"]);
        foreach (string probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" })
        {
            Assert.Contains(container[probe]["httpGet"]["path"].Text, Probes);
            Assert.Equal("http", container[probe]["httpGet"]["port"].Text);
        }

        Assert.Equal("/health/ready", container["readinessProbe"]["httpGet"]["path"].Text);
        // a ledger that is away is no reason to start again
        Assert.Equal("/health/live", container["livenessProbe"]["httpGet"]["path"].Text);
    }

    [Fact]
    public void A_silo_gets_the_time_it_needs_to_finish()
    {
        Node pod = Silo["spec"]["template"]["spec"];
        int grace = int.Parse(pod["terminationGracePeriodSeconds"].Text, CultureInfo.InvariantCulture);
        TimeSpan drain = TimeSpan.Parse(Regex.Match(DeployFolder.Read("kubernetes/base/kustomization.yaml"), "Gateway__DrainDelay=(.*)")
            .Groups[1].Value, CultureInfo.InvariantCulture);

        // The longest call, a little for its answer, then the writers.
        TimeSpan needed = new ClusterSettings().ResponseTimeout + TimeSpan.FromSeconds(5) + new LedgerWriterOptions().StopTimeout;
        Assert.True(grace > (drain + needed).TotalSeconds, $"{grace} s, but {drain + needed} are needed");
        Assert.Contains("TimeoutStopSec=60", DeployFolder.Read("systemd/settlement-silo.service"));
        Assert.True(needed < TimeSpan.FromSeconds(60));
        Assert.All(Compose["services"].Entries.Where(service => service.Name.StartsWith("silo", StringComparison.Ordinal)),
            service => Assert.Equal("60s", service.Value["stop_grace_period"].Text));
    }

    [Fact]
    public void Nothing_runs_as_root_or_writes_to_its_image()
    {
        foreach (Node workload in Base().Where(item => item["kind"].Text is "StatefulSet" or "Deployment"))
        {
            Node pod = workload["spec"]["template"]["spec"];
            Assert.Equal("true", pod["securityContext"]["runAsNonRoot"].Text);
            Assert.Equal("false", pod["automountServiceAccountToken"].Text);
            foreach (Node container in pod["containers"].Items)
            {
                Assert.Equal("true", container["securityContext"]["readOnlyRootFilesystem"].Text);
                Assert.Equal("false", container["securityContext"]["allowPrivilegeEscalation"].Text);
                Assert.Equal("ALL", Assert.Single(container["securityContext"]["capabilities"]["drop"].Items).Text);
            }
        }

        Assert.Contains("USER $APP_UID", DeployFolder.Read("container/Dockerfile"));
    }

    [Fact]
    public void Secrets_are_named_and_never_written()
    {
        Node connection = Silo["spec"]["template"]["spec"]["containers"].Items.Single()["env"]
            .Items.Single(item => item["name"].Text == "Ledger__ConnectionString");
        Assert.Equal("settlement-database", connection["valueFrom"]["secretKeyRef"]["name"].Text);
        Assert.DoesNotContain(Base(), item => item["kind"].Text == "Secret");
        Assert.Empty(DeployFolder.Files("*").Where(file => Password().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName));
    }

    [Fact]
    public void Selectors_find_what_they_mean()
    {
        string[] labels = [.. Base().Where(item => item["kind"].Text is "StatefulSet" or "Deployment")
            .Select(item => Label(item["spec"]["template"]["metadata"]["labels"]))];

        foreach (Node item in Base())
        {
            string? selected = item["kind"].Text switch
            {
                "Service" => Label(item["spec"]["selector"]),
                "PodDisruptionBudget" or "StatefulSet" or "Deployment" => Label(item["spec"]["selector"]["matchLabels"]),
                _ => null,
            };
            if (selected is not null) Assert.Contains(selected, labels);
        }

        Node scaled = Base().Single(item => item["kind"].Text == "HorizontalPodAutoscaler")["spec"]["scaleTargetRef"];
        Assert.Equal((Silo["kind"].Text, Silo["metadata"]["name"].Text), (scaled["kind"].Text, scaled["name"].Text));
        Assert.Equal(Silo["spec"]["serviceName"].Text, Base()
            .Single(item => item["kind"].Text == "Service" && item["spec"]["clusterIP"].Text == "None")["metadata"]["name"].Text);
    }

    [Fact]
    public void What_the_network_lets_through_is_what_is_listened_on()
    {
        Node silo = Base().Single(item => item["kind"].Text == "NetworkPolicy" && item["metadata"]["name"].Text == "silo")["spec"];
        string[] listened = [.. Silo["spec"]["template"]["spec"]["containers"].Items.Single()["ports"]
            .Items.Select(port => port["containerPort"].Text)];

        string[] open = [.. silo["ingress"].Items.SelectMany(rule => rule["ports"].Items).Select(port => port["port"].Text).Distinct()];

        Assert.Empty(open.Except(listened));
        Assert.Contains("11111", silo["egress"].Items.SelectMany(rule => rule["ports"].Items).Select(port => port["port"].Text));
        Assert.Contains(Base(), item => item["kind"].Text == "NetworkPolicy" && !item["spec"]["podSelector"].Entries.Any());
    }

    [Fact]
    public void The_proxy_knows_the_silos_by_the_names_and_ports_they_have()
    {
        string[] services = [.. Compose["services"].Entries.Select(service => service.Name)
            .Where(name => name.StartsWith("silo-", StringComparison.Ordinal))];
        string upstreams = DeployFolder.Read("nginx/silos.compose.conf");

        Assert.All(services, name => Assert.Equal(2, Regex.Count(upstreams, $"server {name}:508[01] ")));
        Assert.Equal(2 * services.Length, Regex.Count(upstreams, @"server \S+:\d+ "));
        Assert.Equal(2, Regex.Count(DeployFolder.Read("nginx/silos.kubernetes.conf"), @"server settlement-silos:508[01] resolve"));
        foreach (string file in new[] { "nginx/silos.compose.conf", "nginx/silos.kubernetes.conf" })
            Assert.Equal(2, Regex.Count(DeployFolder.Read(file), "hash \\$place consistent;"));
        foreach (Node dependency in Compose["services"]["proxy"]["depends_on"].Items) Assert.Contains(dependency.Text, services);
        Assert.Empty(Compose["services"].Entries.SelectMany(service => service.Value["secrets"].Items)
            .Select(secret => secret["source"].IsPresent ? secret["source"].Text : secret.Text)
            .Except(Compose["secrets"].Entries.Select(secret => secret.Name)));
    }

    [ToolFact("kubectl")]
    public void Kustomize_renders_every_overlay()
    {
        foreach (string overlay in Directory.GetDirectories(Path.Combine(DeployFolder.Root, "kubernetes", "overlays")))
        {
            IReadOnlyList<Node> rendered = DeployFolder.YamlText(Tool.Run("kubectl", "kustomize", overlay));
            string[] maps = [.. rendered.Where(item => item["kind"].Text == "ConfigMap").Select(item => item["metadata"]["name"].Text)];
            Node pod = rendered.Single(item => item["kind"].Text == "StatefulSet")["spec"]["template"]["spec"];

            Assert.Contains(pod["containers"].Items.Single()["envFrom"].Items.Single()["configMapRef"]["name"].Text, maps);
            Assert.All(rendered, item => Assert.True(item["kind"].Text == "Namespace" || item["metadata"]["namespace"].IsPresent));
        }
    }

    [ToolFact("nginx")]
    public void Nginx_takes_its_configuration()
    {
        string folder = Directory.CreateTempSubdirectory("settlement-nginx-").FullName;
        // Names of containers mean nothing here: the silos' places stay, their addresses are loopback.
        File.WriteAllText(
            Path.Combine(folder, "silos.conf"), Regex.Replace(DeployFolder.Read("nginx/silos.compose.conf"), @"silo-\d:", "127.0.0.1:"));
        File.WriteAllText(Path.Combine(folder, "nginx.conf"), DeployFolder.Read("nginx/nginx.conf")
            .Replace("/tmp/", folder + "/", StringComparison.Ordinal)
            .Replace("/dev/std", folder + "/std", StringComparison.Ordinal));

        Tool.Run("nginx", "-t", "-q", "-p", folder, "-c", Path.Combine(folder, "nginx.conf"));
    }

    private static Node Silo => Base().Single(item => item["kind"].Text == "StatefulSet");

    private static Node Compose => DeployFolder.Yaml("compose/compose.yaml").Single();

    private static IEnumerable<Node> Base() =>
        Directory.GetFiles(Path.Combine(DeployFolder.Root, "kubernetes", "base"), "*.yaml")
            .SelectMany(file => DeployFolder.YamlText(File.ReadAllText(file)));

    private static string Label(Node labels) => labels["app.kubernetes.io/name"].Text;

    private static string PortOf(string address) => address[(address.LastIndexOf(':') + 1)..];

    private static bool Exists(string[] name)
    {
        if (Sections[name[0]] is not { } type) return name is ["Policies", "Directory"];
        foreach (string part in name[1..])
        {
            if (type.GetProperty(part) is not { CanWrite: true } property) return false;
            type = property.PropertyType;
        }

        return true;
    }

    [GeneratedRegex(@"\b(Ledger|Visits|Gateway|Cluster|Telemetry|Policies)(__[A-Za-z]+)+")]
    private static partial Regex OptionName();

    [GeneratedRegex(@"(?i)password\s*=\s*[^;\s]|PGPASSWORD=|POSTGRES_PASSWORD\s*:")]
    private static partial Regex Password();
}
