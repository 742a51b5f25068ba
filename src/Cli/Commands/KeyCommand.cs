using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Settlement.Cli.Client;
using Settlement.Cli.Serving;
using Settlement.Cli.Text;
using Settlement.Contract;
using Settlement.Identity;

namespace Settlement.Cli.Commands;

/// <summary><c>key create</c> and <c>key list</c>.</summary>
internal static class KeyCommand
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create(CliHost host) =>
        new("key", "Keys and client certificates of facilities and agency: make, register, rotate, revoke, list.")
    {
        CreateKey(host),
        RotateKey(host),
        RevokeKey(host),
        ListKeys(host),
    };

    private static Command CreateKey(CliHost host)
    {
        Option<string?> facility = new("--facility") { Description = "Key of a facility (fixmedins_code).", HelpName = "CODE" };
        Option<bool> agency = new("--agency") { Description = "Key of the agency." };
        Option<string?> level = new("--level") { Description = "Registered level of the facility.", HelpName = "LEVEL" };
        Option<string?> kind = new("--kind") { Description = "Registered kind of the facility.", HelpName = "KIND" };
        level.AcceptOnlyFromAmong(ContractNames("Level"));
        kind.AcceptOnlyFromAmong(ContractNames("Kind"));
        Option<string?> division = new("--division") { Description = "Division code of its place, six digits.", HelpName = "CODE" };
        Option<bool?> designated = new("--designated") { Description = "Whether a contract is in force.", HelpName = "true|false" };
        Option<bool?> assistance = new("--assistance-designated")
        {
            Description = "Whether designated for medical assistance.",
            HelpName = "true|false",
        };
        Option<string?> from = PolicyOptions.DayOption(
            "--contract-from", "First day of its contract; without one no day is refused for want of a contract.");
        Option<string?> to = PolicyOptions.DayOption("--contract-to", "Last day of its contract (default: it goes on).");
        Option<int?> rate = new("--rate")
        {
            Description = "Requests a second it may send in the long run, 0 for no limit (default: the server's).",
            HelpName = "N",
        };
        Option<Scope[]> scopes = new("--scope")
        {
            Description = "What it may be used for; may be repeated (default: all that the role may).",
            HelpName = "settle|read|reconcile|agency|feed",
            CustomParser = ReadScopes,
        };
        Option<string?> expires = PolicyOptions.DayOption(
            "--expires", "Last day on which it holds, by China's clock (default: until it is revoked).");
        Option<string?> certificate = new("--certificate")
        {
            Description = "Instead of a key: register this client certificate (PEM) by its fingerprint.",
            HelpName = "FILE",
        };
        Option<string?> name = new("--certificate-dns")
        {
            Description = "Instead of a key: register certificates of this DNS name, signed by the server's client authority.",
            HelpName = "NAME",
        };
        Command command = new(
            "create", "Make a key, or register a client certificate. A key's text is printed once and stored nowhere; the file keeps a hash.")
        {
            facility, agency, level, kind, division, designated, assistance, from, to, rate, scopes, expires, certificate, name,
        };
        FileOptions where = FileOptions.AddTo(command, host);
        command.Validators.Add(result =>
        {
            bool ofFacility = result.GetValue(facility) is { Length: > 0 };
            if (result.GetValue(agency) == ofFacility)
                result.AddError("give either --facility CODE or --agency");
            else if (result.GetValue(agency)
                && (result.GetResult(level) is not null || result.GetResult(kind) is not null || result.GetResult(from) is not null))
                result.AddError("--level, --kind and --contract-from belong to a facility's key");
            if (PolicyOptions.DayOrNull(result.GetValue(to)) is { } last
                && (PolicyOptions.DayOrNull(result.GetValue(from)) is not { } first || last < first))
                result.AddError("--contract-to needs a --contract-from that is not later");
            if (result.GetResult(rate) is not null && result.GetValue(rate) is not (>= 0 and <= 1_000_000))
                result.AddError("--rate must be a number from 0 to 1000000");
            if (result.GetResult(rate) is not null && result.GetValue(agency)) result.AddError("--rate belongs to a facility's key");
            if (result.GetResult(certificate) is not null && result.GetResult(name) is not null)
                result.AddError("give either --certificate or --certificate-dns");
            if (result.GetResult(scopes) is { } named
                && (ScopesOf(named.Tokens.SelectMany(KnownScopes)) & ~RoleScopes.All(result.GetValue(agency)
                    ? Role.Agency
                    : Role.Facility)) is not Scope.None and var beyond)
                result.AddError($"--scope {RoleScopes.Names(beyond)} is not for this role");
            if (result.GetValue(division) is { } code && !(code.Length == 6 && code.All(char.IsAsciiDigit)))
                result.AddError($"--division '{code}' is no division code: six digits");
        });
        command.SetAction(parsed =>
        {
            RegisteredFacility? registered = parsed.GetValue(facility) is not { } code ? null : new RegisteredFacility
            {
                Code = code,
                Level = parsed.GetValue(level),
                Kind = parsed.GetValue(kind),
                Division = parsed.GetValue(division),
                Designated = parsed.GetValue(designated),
                AssistanceDesignated = parsed.GetValue(assistance),
                ContractFrom = PolicyOptions.DayOrNull(parsed.GetValue(from)),
                ContractTo = PolicyOptions.DayOrNull(parsed.GetValue(to)),
                RequestsPerSecond = parsed.GetValue(rate),
            };
            string file = where.KeyFile(parsed);
            Role role = registered is null ? Role.Agency : Role.Facility;
            Scope[]? granted = parsed.GetValue(scopes) is { Length: > 0 } some ? some : null;
            DateTimeOffset? end = PolicyOptions.DayOrNull(parsed.GetValue(expires)) is { } day ? EndOf(day) : null;
            DateTimeOffset now = host.Clock.GetUtcNow();
            if (CertificateOf(parsed.GetValue(certificate), parsed.GetValue(name)) is { } shown)
                return Register(host, file, Read(file)
                    .AddCertificate(shown, role, registered, now, granted, end), parsed.GetValue(where.Json));
            (string text, KeyFile keys) = Read(file).Add(role, registered, now, granted, end);
            keys.Write(file);
            if (parsed.GetValue(where.Json))
                host.Out.WriteLine(JsonSerializer.Serialize(new { keys.Keys[^1].Id, Key = text, File = file }, Indented));
            else
                host.Out.WriteLine(text);
            host.Error.WriteLine(
                $"key {keys.Keys[^1].Id} for {Holder(keys.Keys[^1])} added to {file}; the text above is not stored, hand it to its holder");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command RotateKey(CliHost host)
    {
        Argument<string> id = new("ID") { Description = "Public id of the key, as 'key list' shows it." };
        Option<int> grace = new("--grace")
        {
            Description = "Days for which the old key holds on.",
            HelpName = "DAYS",
            DefaultValueFactory = _ => 7,
        };
        Option<string?> expires = PolicyOptions.DayOption(
            "--expires", "Last day of the new key, by China's clock (default: until it is revoked).");
        Command command = new("rotate", "Make a key in place of another: both hold until the days of grace are over.")
        {
            id, grace, expires,
        };
        FileOptions where = FileOptions.AddTo(command, host);
        command.Validators.Add(result =>
        {
            if (result.GetResult(grace) is { } days && !days.Errors.Any() && result.GetValue(grace) is < 0 or > 3650)
                result.AddError("--grace must be a number of days from 0 to 3650");
        });
        command.SetAction(parsed =>
        {
            string file = where.KeyFile(parsed);
            DateTimeOffset now = host.Clock.GetUtcNow();
            DateTimeOffset? end = PolicyOptions.DayOrNull(parsed.GetValue(expires)) is { } day ? EndOf(day) : null;
            (string text, KeyFile keys) = Change(() => Read(file)
                .Rotate(parsed.GetValue(id)!, now, now.AddDays(parsed.GetValue(grace)), end));
            keys.Write(file);
            host.Out.WriteLine(parsed.GetValue(where.Json)
                ? JsonSerializer.Serialize(new { keys.Keys[^1].Id, Key = text, File = file }, Indented)
                : text);
            host.Error.WriteLine(
                $"key {keys.Keys[^1].Id} takes the place of {parsed.GetValue(id)}, which holds for {parsed.GetValue(grace)} more days; the text above is not stored");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command RevokeKey(CliHost host)
    {
        Argument<string> id = new("ID") { Description = "Public id of the key or certificate, as 'key list' shows it." };
        Command command = new("revoke", "Take a key or certificate out of the file. A running server refuses it within a second.") { id };
        FileOptions where = FileOptions.AddTo(command, host);
        command.SetAction(parsed =>
        {
            string file = where.KeyFile(parsed);
            Change(() => Read(file).Revoke(parsed.GetValue(id)!)).Write(file);
            host.Error.WriteLine($"{parsed.GetValue(id)} no longer holds");
            return ExitCode.Ok;
        });
        return command;
    }

    private static int Register(CliHost host, string file, KeyFile keys, bool json)
    {
        // Read back as the server will: a certificate that is registered already is found now and not by the server.
        KeyRecord added = keys.Keys[^1];
        if (keys.Keys.Any(key => key != added && key.CertificateWord == added.CertificateWord))
            throw new CliException(ExitCode.Usage, $"{added.CertificateWord} is registered already");
        keys.Write(file);
        host.Out.WriteLine(json ? JsonSerializer.Serialize(new { added.Id, Certificate = added.CertificateWord, File = file }, Indented)
            : added.CertificateWord);
        host.Error.WriteLine($"certificate {added.Id} for {Holder(added)} added to {file}");
        return ExitCode.Ok;
    }

    private static RegisteredCertificate? CertificateOf(string? file, string? dns)
    {
        if (dns is not null) return new RegisteredCertificate { Dns = dns };
        if (file is null) return null;
        try
        {
            using X509Certificate2 certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
            return new RegisteredCertificate { Sha256 = Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)) };
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"{file}: no certificate in PEM: {error.Message}", error);
        }
    }

    private static T Change<T>(Func<T> change)
    {
        try
        {
            return change();
        }
        catch (InvalidOperationException error)
        {
            throw new CliException(ExitCode.Usage, error.Message, error);
        }
    }

    private static Scope[] ReadScopes(ArgumentResult result)
    {
        foreach (string name in result.Tokens.SelectMany(NamesIn).Where(static name => ScopeOf(name) is null))
            result.AddError($"--scope does not know '{name}': settle, read, reconcile, agency, feed");
        return [.. result.Tokens.SelectMany(KnownScopes).Distinct()];
    }

    private static IEnumerable<Scope> KnownScopes(Token token) => NamesIn(token).Select(ScopeOf).OfType<Scope>();

    private static string[] NamesIn(Token token) => token.Value.Split(',');

    // A number is no name, although an enumeration takes it for one.
    private static Scope? ScopeOf(string name) =>
        name.Length > 0 && !char.IsDigit(name[0]) && Enum.TryParse(name, ignoreCase: true, out Scope scope) && Enum.IsDefined(scope)
            && scope != Scope.None ? scope : null;

    private static Scope ScopesOf(IEnumerable<Scope> scopes) => scopes.Aggregate(Scope.None, static (all, one) => all | one);

    // The first moment of the day after, in China (UTC+8, no summer time).
    private static DateTimeOffset EndOf(DateOnly lastDay) => new(lastDay.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8));

    private static string Until(KeyRecord key, DateTimeOffset now) =>
        key.ExpiresAt is not { } end ? "" : key.IsLive(now) ? $"{end.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z" : "over";

    private static Command ListKeys(CliHost host)
    {
        Command command = new("list", "List the keys in force. Their texts are not known.");
        FileOptions where = FileOptions.AddTo(command, host);
        command.SetAction(parsed =>
        {
            KeyFile keys = Read(where.KeyFile(parsed));
            if (parsed.GetValue(where.Json))
            {
                host.Out.WriteLine(JsonSerializer.Serialize(keys.Keys.Select(key => new
                {
                    key.Id, Holder = Holder(key), Scopes = RoleScopes.Names(key.GrantedScopes), Certificate = key.CertificateWord,
                    key.CreatedAt, key.ExpiresAt,
                }), Indented));
                return ExitCode.Ok;
            }

            Table table = new("id", "holder", "kind", "scopes", "level", "division", "contract", "made", "until");
            foreach (KeyRecord key in keys.Keys)
                table.Row(
                    key.Id, Holder(key), key.Certificate is null
                    ? "key"
                    : "certificate", RoleScopes.Names(key.GrantedScopes), key.Facility?.Level ?? "",
                    key.Facility?.Division ?? "", Contract(key.Facility), $"{key.CreatedAt:yyyy-MM-dd HH:mm:ss}Z",
                    Until(key, host.Clock.GetUtcNow()));
            table.Write(host.Out);
            return ExitCode.Ok;
        });
        return command;
    }

    // The names of the contract's enumeration, without the unspecified value.
    private static string[] ContractNames(string enumeration) =>
        [.. Facility.Descriptor.EnumTypes.Single(type => type.Name == enumeration).Values.Where(value => value.Number != 0)
            .Select(value => value.Name)];

    private static string Contract(RegisteredFacility? facility) => facility?.ContractFrom is { } from
        ? facility.ContractTo is { } to ? $"{from:yyyy-MM-dd} to {to:yyyy-MM-dd}" : $"from {from:yyyy-MM-dd}"
        : "";

    private static string Holder(KeyRecord key) => key.Facility is null ? "the agency" : $"facility {key.Facility.Code}";

    private static KeyFile Read(string file)
    {
        try
        {
            return KeyFile.Read(file);
        }
        catch (InvalidDataException error)
        {
            throw new CliException(ExitCode.Usage, error.Message, error);
        }
    }

    private sealed record FileOptions(CliHost Host, Option<string?> Data, Option<string?> Keys, Option<bool> Json)
    {
        public static FileOptions AddTo(Command command, CliHost host)
        {
            FileOptions options = new(host, ClientOptions.DataOption(), UpOptions.KeysOption(), new Option<bool>("--json")
            {
                Description = "Print JSON.",
            });
            command.Add(options.Data);
            command.Add(options.Keys);
            command.Add(options.Json);
            return options;
        }

        public string KeyFile(ParseResult parsed) => parsed.GetValue(Keys) ?? DataFolder.Of(parsed.GetValue(Data), Host).KeyFile;
    }
}
