using System.Text.RegularExpressions;

namespace Settlement.Cli.Docs;

/// <summary>A service, message or enumeration of the contract, with its comments as they stand in the .proto file.</summary>
/// <param name="Kind">service, message or enum.</param>
/// <param name="Name">Name, with that of the message around it.</param>
/// <param name="Comment">Comment above it; empty for none.</param>
/// <param name="Members">Calls, fields or values in order.</param>
internal sealed record ProtoType(string Kind, string Name, string Comment, List<ProtoMember> Members);

/// <summary>A call, field or value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Signature">Type of a field, request and answer of a call, number of a value.</param>
/// <param name="Comment">Comment above or behind it; empty for none.</param>
/// <param name="Number">Number of a field or value; 0 for a call.</param>
internal sealed record ProtoMember(string Name, string Signature, string Comment, int Number);

/// <summary>
/// Reads our own .proto files for their comments, which compiled descriptors do not keep. It knows the style of these files and nothing
/// more; a test holds it
/// against the descriptors, so that what it would overlook fails there.
/// </summary>
internal static partial class ProtoFile
{
    /// <summary>Everything one file declares, in order; its own comment comes first under the name of the file.</summary>
    public static List<ProtoType> Read(string text)
    {
        List<ProtoType> types = [];
        Stack<ProtoType?> open = new(); // null: a oneof, whose fields are those of its message
        List<string> comment = [];
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim();
            if (line.StartsWith("//", StringComparison.Ordinal))
            {
                comment.Add(line[2..].Trim());
                continue;
            }

            string above = string.Join(' ', comment);
            comment.Clear();
            if (Block().Match(line) is { Success: true } block) Open(block, above);
            else if (line == "}") open.Pop();
            else if (open.TryPeek(out _)) Member(line, above);
        }

        return types;

        void Open(Match block, string above)
        {
            (string kind, string name) = (block.Groups["kind"].Value, block.Groups["name"].Value);
            ProtoType? type = null;
            if (kind != "oneof")
            {
                string around = string.Concat(open.Reverse().Where(each => each is not null)
                    .Select(each => each!.Name.Split('.')[^1] + "."));
                types.Add(type = new ProtoType(kind, around + name, above, []));
            }

            if (!block.Groups["closed"].Success) open.Push(type);
        }

        void Member(string line, string above)
        {
            ProtoType type = open.First(each => each is not null)!;
            Match match = type.Kind switch { "service" => Call().Match(line), "enum" => Value().Match(line), _ => Field().Match(line) };
            if (!match.Success) return;
            string behind = match.Groups["comment"].Value;
            string signature = type.Kind == "service"
                ? $"{match.Groups["in"].Value} → {match.Groups["out"].Value}"
                : match.Groups["type"].Value;
            _ = int.TryParse(match.Groups["number"].Value, out int number);
            type.Members.Add(new ProtoMember(match.Groups["name"].Value, signature, behind.Length > 0 ? behind : above, number));
        }
    }

    [GeneratedRegex(@"^(?<kind>service|message|enum|oneof) (?<name>\w+) \{(?<closed>\})?$")]
    private static partial Regex Block();

    [GeneratedRegex(@"^rpc (?<name>\w+)\((?<in>(stream )?[\w.]+)\) returns \((?<out>(stream )?[\w.]+)\);$")]
    private static partial Regex Call();

    [GeneratedRegex(@"^(?<name>\w+) = (?<number>\d+);\s*(// ?(?<comment>.*))?$")]
    private static partial Regex Value();

    [GeneratedRegex(@"^(?<type>(repeated |optional )?(map<[^>]+>|[\w.]+)) (?<name>\w+) = (?<number>\d+);\s*(// ?(?<comment>.*))?$")]
    private static partial Regex Field();
}
