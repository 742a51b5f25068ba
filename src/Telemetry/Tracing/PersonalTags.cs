using System.Collections.Frozen;
using System.Diagnostics;
using OpenTelemetry;

namespace Settlement.Telemetry.Tracing;

/// <summary>
/// Takes from the spans of others what may hold a person's id: Orleans names grains, a request may name the page asked for, and the text of
/// an exception may be about anybody. What is known to name nobody is kept and all else removed, so that a tag that a new version of a
/// library adds, or gives another name, is not sent before somebody has looked at it.
/// </summary>
internal sealed class PersonalTags : BaseProcessor<Activity>
{
    private static readonly FrozenSet<string> Kept = new[]
    {
        "rpc.system.name", "rpc.method", "orleans.rpc.service", "grpc.method", "grpc.status_code",
        "http.request.method", "http.response.status_code", "http.route", "url.scheme", "network.protocol.version",
        "server.address", "server.port",
        // Statements have parameters where they have values.
        "db.system.name", "db.namespace", "db.query.text", "db.operation.name", "db.collection.name", "db.stored_procedure.name",
        "db.response.status_code", "db.npgsql.data_source", "db.npgsql.connection_id", "db.npgsql.prepared", "db.npgsql.rows",
        "error.type", "exception.type", "exception.escaped",
    }.ToFrozenSet();

    /// <summary>Given to a listener, has an exception that a library adds to a span told by its type and where it was thrown.</summary>
    public static void Record(Activity span, Exception exception, ref TagList tags)
    {
        tags.Add("exception.message", "");
        tags.Add("exception.stacktrace", exception.StackTrace ?? "");
    }

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (data.Source.Name.StartsWith("Settlement.", StringComparison.Ordinal)) return;
        List<string>? removed = null;
        foreach (ref readonly KeyValuePair<string, object?> tag in data.EnumerateTagObjects())
            if (!Kept.Contains(tag.Key)) (removed ??= []).Add(tag.Key);
        foreach (string tag in removed ?? []) data.SetTag(tag, null);
        // Some give it the message of an exception.
        if (data.StatusDescription is not null) data.SetStatus(data.Status);
    }
}
