using Orleans.Storage;

namespace Orleans.Configuration;

/// <summary>Options of a storage in a database.</summary>
public class AdoNetGrainStorageOptions
{
    /// <summary>Connection string of the database.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Name of the ADO.NET provider.</summary>
    public string Invariant { get; set; } = "Microsoft.Data.SqlClient";

    /// <summary>The form in which states are stored. Here it must be set; Orleans itself has one of its own.</summary>
    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = null!;
}
