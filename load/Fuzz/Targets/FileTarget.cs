using System.Text;
using Settlement.Cli;
using Settlement.Cli.Client;
using Settlement.Contract;
using Settlement.Fuzz.Inputs;
using Settlement.Identity;
using Settlement.Policy;
using Settlement.Policy.Cases;

namespace Settlement.Fuzz.Targets;

/// <summary>Files of the command line: requests, key files, worked cases, and archives of packs as the ledger holds them.</summary>
internal sealed class FileTarget : ITarget, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("settlement-fuzz-").FullName;
    private readonly byte[] request;
    private readonly byte[] cases;
    private readonly byte[] keys;
    private readonly byte[] archive;

    /// <summary>Reads files to begin with.</summary>
    public FileTarget(string samples, string policies)
    {
        request = File.ReadAllBytes(Path.Combine(samples, "settle.json"));
        cases = [.. File.ReadAllBytes(Path.Combine(samples, "cases.json")).Take(6_000)];
        string file = Path.Combine(folder, "sample.json");
        KeyFile.Read(file)
            .Add(Role.Facility, new RegisteredFacility { Code = "H1", ContractFrom = new DateOnly(2026, 1, 1) }, DateTimeOffset.UnixEpoch,
                [Scope.Read]).File.Write(file);
        keys = File.ReadAllBytes(file);
        archive = PackArchive.Write("p", [new PackFile("pack.yaml", File.ReadAllBytes(Path.Combine(policies, "benxi", "pack.yaml")))]);
    }

    public string Name => "files";

    public int Share => 35;

    public int AtOnce => 2;

    public Task<string?> TryAsync(Chance chance, CancellationToken patience)
    {
        int kind = chance.Below(4);
        byte[] bytes = ByteMutator.Change(kind switch { 0 => request, 1 => cases, 2 => keys, _ => archive }, chance);
        string text = Encoding.UTF8.GetString(bytes);
        try
        {
            if (kind == 0) InputFile.Parse<SettleRequest>(text, "request.json");
            else if (kind == 1) CaseReader.Read(text);
            else if (kind == 2) KeyFile.Parse(text, "keys.json");
            else PackArchive.Read(bytes);
        }
        catch (Exception refused) when (kind switch
            {
                0 => refused is CliException,
                1 => refused is CaseFormatException,
                _ => refused is InvalidDataException,
            })
        {
            return Task.FromResult(refused.Message.Length > 0 ? null : "a refusal without words");
        }

        return Task.FromResult<string?>(null);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
