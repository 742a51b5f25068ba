using System.CommandLine;
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

    public static Command Create(CliHost host) => new("key", "Make and list the bearer keys of facilities and agency.")
    {
        CreateKey(host),
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
        Option<bool?> assistance = new("--assistance-designated") { Description = "Whether designated for medical assistance.", HelpName = "true|false" };
        Option<string?> from = PolicyOptions.DayOption("--contract-from", "First day of its contract; without one no day is refused for want of a contract.");
        Option<string?> to = PolicyOptions.DayOption("--contract-to", "Last day of its contract (default: it goes on).");
        Command command = new("create", "Make a key. Its text is printed once and stored nowhere; the file keeps a hash.")
        {
            facility, agency, level, kind, division, designated, assistance, from, to,
        };
        FileOptions where = FileOptions.AddTo(command, host);
        command.Validators.Add(result =>
        {
            bool ofFacility = result.GetValue(facility) is { Length: > 0 };
            if (result.GetValue(agency) == ofFacility)
                result.AddError("give either --facility CODE or --agency");
            else if (result.GetValue(agency) && (result.GetResult(level) is not null || result.GetResult(kind) is not null || result.GetResult(from) is not null))
                result.AddError("--level, --kind and --contract-from belong to a facility's key");
            if (PolicyOptions.DayOrNull(result.GetValue(to)) is { } last && (PolicyOptions.DayOrNull(result.GetValue(from)) is not { } first || last < first))
                result.AddError("--contract-to needs a --contract-from that is not later");
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
            };
            string file = where.KeyFile(parsed);
            (string text, KeyFile keys) = Read(file).Add(registered is null ? Role.Agency : Role.Facility, registered, host.Clock.GetUtcNow());
            keys.Write(file);
            if (parsed.GetValue(where.Json))
                host.Out.WriteLine(JsonSerializer.Serialize(new { keys.Keys[^1].Id, Key = text, File = file }, Indented));
            else
                host.Out.WriteLine(text);
            host.Error.WriteLine($"key {keys.Keys[^1].Id} for {Holder(keys.Keys[^1])} added to {file}; the text above is not stored, hand it to its holder");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command ListKeys(CliHost host)
    {
        Command command = new("list", "List the keys in force. Their texts are not known.");
        FileOptions where = FileOptions.AddTo(command, host);
        command.SetAction(parsed =>
        {
            KeyFile keys = Read(where.KeyFile(parsed));
            if (parsed.GetValue(where.Json))
            {
                host.Out.WriteLine(JsonSerializer.Serialize(keys.Keys.Select(key => new { key.Id, Holder = Holder(key), key.CreatedAt }), Indented));
                return ExitCode.Ok;
            }

            Table table = new("id", "holder", "level", "division", "contract", "made");
            foreach (KeyRecord key in keys.Keys)
                table.Row(key.Id, Holder(key), key.Facility?.Level ?? "", key.Facility?.Division ?? "", Contract(key.Facility), $"{key.CreatedAt:yyyy-MM-dd HH:mm:ss}Z");
            table.Write(host.Out);
            return ExitCode.Ok;
        });
        return command;
    }

    // The names of the contract's enumeration, without the unspecified value.
    private static string[] ContractNames(string enumeration) =>
        [.. Facility.Descriptor.EnumTypes.Single(type => type.Name == enumeration).Values.Where(value => value.Number != 0).Select(value => value.Name)];

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
            FileOptions options = new(host, ClientOptions.DataOption(), UpOptions.KeysOption(), new Option<bool>("--json") { Description = "Print JSON." });
            command.Add(options.Data);
            command.Add(options.Keys);
            command.Add(options.Json);
            return options;
        }

        public string KeyFile(ParseResult parsed) => parsed.GetValue(Keys) ?? DataFolder.Of(parsed.GetValue(Data), Host).KeyFile;
    }
}
