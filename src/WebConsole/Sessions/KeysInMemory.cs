using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Settlement.WebConsole.Sessions;

/// <summary>Keys that live as long as the process: without a key ring folder nothing is written anywhere.</summary>
internal sealed class KeysInMemory : IXmlRepository
{
    private readonly Lock gate = new();
    private readonly List<XElement> elements = [];

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (gate) return [.. elements.Select(element => new XElement(element))];
    }

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName)
    {
        lock (gate) elements.Add(new XElement(element));
    }
}
