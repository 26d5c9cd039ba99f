"""Decision models of the DMN standard: read from XML, worked out decision by decision."""
