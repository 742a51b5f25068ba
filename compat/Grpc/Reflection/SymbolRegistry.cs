using Google.Protobuf.Reflection;

namespace Grpc.Reflection;

/// <summary>Finds the file of a symbol and the files of a service with all they import.</summary>
public class SymbolRegistry
{
    private readonly Dictionary<string, FileDescriptor> filesByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> filesBySymbol = new(StringComparer.Ordinal);

    private SymbolRegistry()
    {
    }

    /// <summary>Indexes these files and what they import.</summary>
    public static SymbolRegistry FromFiles(IEnumerable<FileDescriptor> fileDescriptors)
    {
        ArgumentNullException.ThrowIfNull(fileDescriptors);
        var registry = new SymbolRegistry();
        foreach (FileDescriptor file in fileDescriptors)
            registry.Add(file);
        return registry;
    }

    /// <summary>The file of this name, or null.</summary>
    public FileDescriptor? FileByName(string filename) => filesByName.GetValueOrDefault(filename);

    /// <summary>The file that declares a message, enum, service or method, or null.</summary>
    public FileDescriptor? FileContainingSymbol(string symbol) => filesBySymbol.GetValueOrDefault(symbol);

    private void Add(FileDescriptor file)
    {
        if (!filesByName.TryAdd(file.Name, file))
            return;
        foreach (FileDescriptor dependency in file.Dependencies)
            Add(dependency);
        foreach (EnumDescriptor type in file.EnumTypes)
            filesBySymbol[type.FullName] = file;
        foreach (MessageDescriptor type in file.MessageTypes)
            Add(type);
        foreach (ServiceDescriptor service in file.Services)
        {
            filesBySymbol[service.FullName] = file;
            foreach (MethodDescriptor method in service.Methods)
                filesBySymbol[method.FullName] = file;
        }
    }

    private void Add(MessageDescriptor message)
    {
        filesBySymbol[message.FullName] = message.File;
        foreach (EnumDescriptor type in message.EnumTypes)
            filesBySymbol[type.FullName] = message.File;
        foreach (MessageDescriptor type in message.NestedTypes)
            Add(type);
    }
}
