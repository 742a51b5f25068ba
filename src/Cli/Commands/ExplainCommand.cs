using System.CommandLine;
using Settlement.Policy;

namespace Settlement.Cli.Commands;

/// <summary><c>explain PARAMETER</c>.</summary>
internal static class ExplainCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> parameter = new("PARAMETER") { Description = "Name of the parameter, such as inpatient.deductible." };
        parameter.Validators.Add(result =>
        {
            string name = result.GetValueOrDefault<string>();
            if (!ParameterSchema.TryFind(name, out _)) result.AddError($"there is no parameter '{name}'");
        });
        Option<string?> on = PolicyOptions.On("Day to explain it on, YYYY-MM-DD (default: today).");
        Option<string?> city = new("--city")
        {
            Description = "Only this city's pack, by folder name (default: every pack that gives it).",
            HelpName = "NAME",
        };
        Option<string> language = new("--language") { Description = "zh or en.", DefaultValueFactory = _ => "zh" };
        language.AcceptOnlyFromAmong("zh", "en");
        Option<string?> policies = PolicyOptions.Policies();
        Command command = new("explain", "Say what a policy parameter is on a day: value, history, document and section.")
        {
            parameter, on, city, language, policies,
        };
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(parameter)!;
            _ = ParameterSchema.TryFind(name, out Parameter found); // checked by the argument already
            string folder = PolicyOptions.Folder(parsed.GetValue(policies), host);
            DateOnly day = PolicyOptions.Day(parsed.GetValue(on), host);
            Language words = parsed.GetValue(language) == "en" ? Language.En : Language.Zh;
            string[] texts = Explain(folder, parsed.GetValue(city), found, day, words);
            if (texts.Length == 0)
                throw new CliException(ExitCode.Refused, $"no pack{(parsed.GetValue(city) is { } one ? $" of {one}" : "")} gives '{name}'");
            host.Out.Write(string.Join('\n', texts));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string[] Explain(string folder, string? city, Parameter parameter, DateOnly day, Language language)
    {
        try
        {
            PolicyRegister register = PolicyRegister.Load(folder);
            return
            [
                .. from pack in PolicyCatalogue.Load(folder).Packs
                   where city is null || pack.Name == city
                   from scheme in Enum.GetValues<Scheme>()
                   let text = ParameterExplainer.Explain(pack, scheme, parameter, day, register, language)
                   where text is not null
                   select text,
            ];
        }
        catch (InvalidPackException error)
        {
            throw new CliException(ExitCode.Usage, error.Message, error);
        }
    }
}
